using OrleansLake.Parquet.Columns;
using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Internal.Pruning;
using OrleansLake.Parquet.Internal.Reading;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet;

/// <summary>
/// Reads a Parquet file by columns and row groups; only what is asked for is read. Many threads may read through one
/// reader at the same time, each into buffers of its own.
/// </summary>
/// <remarks>
/// Every failure that the file's content causes is a <see cref="ParquetException"/>, whatever the bytes are; a file that
/// the system cannot read gives the system's exceptions.
/// </remarks>
public sealed class ParquetReader : IDisposable
{
    private const long ColumnBytesFloor = 256L << 20;
    private const long ColumnBytesPerFileByte = 1024;

    private readonly ByteSource _source;
    private readonly string _name;
    private readonly ParquetReaderOptions _options;
    private readonly List<Leaf> _leaves;
    private readonly List<bool> _hasTypeOrder;
    private readonly Dictionary<string, int> _readable = new(StringComparer.Ordinal);

    private ParquetReader(ByteSource source, string name, ParquetReaderOptions? options)
    {
        _source = source;
        _name = name;
        _options = options ?? new ParquetReaderOptions();
        Footer footer = FooterSource.Read(source);
        _leaves = footer.Leaves;
        _hasTypeOrder = footer.HasTypeOrder;
        Metadata = footer.Metadata;
        Columns = footer.Columns;
        var fields = new List<ParquetField>();
        for (int i = 0; i < _leaves.Count; i++)
        {
            if (_leaves[i].Field is { } field && _readable.TryAdd(field.Name, i))
            {
                fields.Add(field);
            }
        }

        Schema = new ParquetSchema(fields, isUnique: false);
    }

    /// <summary>Gets the file's name in errors.</summary>
    public string Name => _name;

    /// <summary>Gets the columns that can be read. Others (nested ones, decimals) are in <see cref="Metadata"/>.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Gets all columns at the top of the schema in the file's order, those too that cannot be read: groups, and names that
    /// occur twice.</summary>
    public IReadOnlyList<ParquetColumn> Columns { get; }

    /// <summary>Gets the metadata of the file from its footer: row groups, encodings, codecs, sizes, statistics.</summary>
    public ParquetFileMetadata Metadata { get; }

    /// <summary>Gets the number of rows that the file has.</summary>
    public long RowCount => Metadata.RowCount;

    /// <summary>Gets the number of row groups that the file has.</summary>
    public int RowGroupCount => Metadata.RowGroups.Count;

    /// <summary>Opens a file.</summary>
    /// <exception cref="ParquetException">It is not a Parquet file, is damaged or encrypted.</exception>
    public static ParquetReader Open(string path, ParquetReaderOptions? options = null) =>
        Open(path, path, options);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="options">The options of reading it.</param>
    /// <exception cref="ParquetException">It is not a Parquet file, is damaged or encrypted.</exception>
    public static ParquetReader Open(string path, string name, ParquetReaderOptions? options = null) =>
        Open(new FileSource(path), name, options);

    /// <summary>Opens a stream that can seek; it is disposed with the reader.</summary>
    /// <param name="stream">The stream, from its start.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="options">The options of reading it.</param>
    /// <exception cref="ParquetException">It is not a Parquet file, is damaged or encrypted.</exception>
    public static ParquetReader Open(Stream stream, string name, ParquetReaderOptions? options = null) =>
        Open(new StreamSource(stream), name, options);

    /// <summary>Opens a file that is in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">Its name in errors.</param>
    /// <param name="options">The options of reading it.</param>
    /// <exception cref="ParquetException">It is not a Parquet file, is damaged or encrypted.</exception>
    public static ParquetReader Open(ReadOnlyMemory<byte> bytes, string name, ParquetReaderOptions? options = null) =>
        Open(new MemorySource(bytes), name, options);

    /// <summary>Returns whether the file has a column that can be read under a name.</summary>
    public bool HasColumn(string name) => _readable.ContainsKey(name);

    /// <summary>Returns the number of rows that a row group has.</summary>
    public int RowCountOf(int rowGroup) => (int)Metadata.RowGroups[rowGroup].RowCount;

    /// <summary>
    /// Returns the bounds of the integers, dates (in days) or timestamps (in microseconds) of a column in a row group; null if the
    /// file has none or none that can be relied on.
    /// </summary>
    /// <exception cref="ParquetException">The column is not there.</exception>
    internal ColumnBounds<long>? IntegerBoundsOf(int rowGroup, string column) => BoundsOf(rowGroup, column, TypedBounds.Integers);

    /// <summary>Returns the bounds of a column of floating point in a row group, as <see cref="IntegerBoundsOf"/>.</summary>
    /// <exception cref="ParquetException">The column is not there.</exception>
    internal ColumnBounds<double>? RealBoundsOf(int rowGroup, string column) => BoundsOf(rowGroup, column, TypedBounds.Reals);

    /// <summary>Returns the bounds of a column of text or bytes in a row group, as <see cref="IntegerBoundsOf"/>; each end may be unknown.</summary>
    /// <exception cref="ParquetException">The column is not there.</exception>
    internal ColumnBounds<ReadOnlyMemory<byte>?>? BytesBoundsOf(int rowGroup, string column) => BoundsOf(rowGroup, column, TypedBounds.Bytes);

    /// <summary>Returns the metadata of a column's data pages in a row group, from the page index; empty if the file has none.</summary>
    /// <exception cref="ParquetException">The column is not there or its index is damaged.</exception>
    internal IReadOnlyList<PageMetadata> PagesOf(int rowGroup, string column)
    {
        CheckRowGroup(rowGroup);
        return At(rowGroup, column, leaf => PageIndexReader.Read(_source, Metadata.RowGroups[rowGroup].Columns[leaf], RowCountOf(rowGroup)));
    }

    /// <summary>
    /// Returns the rows of a row group that may meet all conditions, as far as its statistics, bloom filters and page index
    /// show; none if none do. Rows that do not meet them may be among these, rows that do are never left out.
    /// </summary>
    /// <exception cref="ParquetException">A column is not there, is of another type, or an index is damaged.</exception>
    public IReadOnlyList<RowRange> Find(int rowGroup, params ReadOnlySpan<ColumnRange> conditions)
    {
        CheckRowGroup(rowGroup);
        int rows = RowCountOf(rowGroup);
        List<RowRange> found = rows == 0 ? [] : [new RowRange(0, rows)];
        foreach (ColumnRange condition in conditions)
        {
            ArgumentNullException.ThrowIfNull(condition, nameof(conditions));
            if (found.Count == 0)
            {
                break;
            }

            found = RowSearch.Intersect(found, At(rowGroup, condition.Column, leaf => RowSearch.Find(
                _source, Metadata.RowGroups[rowGroup].Columns[leaf], _leaves[leaf], IsTrusted(leaf), rows, condition)));
        }

        return found;
    }

    /// <summary>Reads a column of integers of at most 32 bits or of dates; wider ones if all values fit.</summary>
    /// <param name="rowGroup">The row group's index.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="into">The buffer to fill.</param>
    /// <param name="rows">
    /// The rows that are wanted, in order and apart, as <see cref="Find"/> gives them; pages without any are not read if
    /// the file has an index of its pages. Null: all.
    /// </param>
    /// <exception cref="ParquetException">The column is missing, is of another type, or is damaged.</exception>
    public void Read(int rowGroup, string column, Int32Buffer into, IReadOnlyList<RowRange>? rows = null) => Read(rowGroup, column, into, rows, TypedColumns.Read);

    /// <summary>Reads a column of integers or of timestamps, these in microseconds since 1970.</summary>
    /// <exception cref="ParquetException">The column is missing, is of another type, or is damaged.</exception>
    public void Read(int rowGroup, string column, Int64Buffer into, IReadOnlyList<RowRange>? rows = null) => Read(rowGroup, column, into, rows, TypedColumns.Read);

    /// <summary>Reads a column of singles.</summary>
    /// <exception cref="ParquetException">The column is missing, is of another type, or is damaged.</exception>
    public void Read(int rowGroup, string column, FloatBuffer into, IReadOnlyList<RowRange>? rows = null) => Read(rowGroup, column, into, rows, TypedColumns.Read);

    /// <summary>Reads a column of doubles or singles.</summary>
    /// <exception cref="ParquetException">The column is missing, is of another type, or is damaged.</exception>
    public void Read(int rowGroup, string column, DoubleBuffer into, IReadOnlyList<RowRange>? rows = null) => Read(rowGroup, column, into, rows, TypedColumns.Read);

    /// <summary>Reads a column of truth values.</summary>
    /// <exception cref="ParquetException">The column is missing, is of another type, or is damaged.</exception>
    public void Read(int rowGroup, string column, BooleanBuffer into, IReadOnlyList<RowRange>? rows = null) => Read(rowGroup, column, into, rows, TypedColumns.Read);

    /// <summary>
    /// Reads a column of text or bytes. Text is valid UTF-8, unless <see cref="ParquetReaderOptions.VerifyText"/> is off.
    /// </summary>
    /// <exception cref="ParquetException">The column is missing, is of another type, or is damaged.</exception>
    public void Read(int rowGroup, string column, BytesBuffer into, IReadOnlyList<RowRange>? rows = null) => Read(rowGroup, column, into, rows, TypedColumns.Read);

    /// <summary>
    /// Reads a column as it is stored, whatever it means: no integer is converted and no text is verified. An INT96
    /// becomes microseconds since 1970, those beyond an int64 the first or the last of it. Of a repeated column, or one in what is repeated,
    /// the buffer has its values, and their <see cref="ColumnBuffer.RepetitionLevels"/> say to which row each belongs.
    /// </summary>
    /// <param name="rowGroup">The row group's index.</param>
    /// <param name="column">One of <see cref="Columns"/>, or of the fields of a group, that is not a group.</param>
    /// <param name="into">What is filled: a buffer of the stored type; an <see cref="Int64Buffer"/> for INT96.</param>
    /// <exception cref="ParquetException">The column is damaged.</exception>
    public void ReadStored(int rowGroup, ParquetColumn column, ColumnBuffer into)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(into);
        CheckLeaf(column);

        switch (column.StoredAs, into)
        {
            case (PhysicalType.Int32, Int32Buffer numbers):
                ReadStored(rowGroup, column, numbers, ValueReader.Read);
                break;
            case (PhysicalType.Int64 or PhysicalType.Int96, Int64Buffer numbers):
                ReadStored(rowGroup, column, numbers, ValueReader.Read);
                break;
            case (PhysicalType.Float, FloatBuffer numbers):
                ReadStored(rowGroup, column, numbers, ValueReader.Read);
                break;
            case (PhysicalType.Double, DoubleBuffer numbers):
                ReadStored(rowGroup, column, numbers, ValueReader.Read);
                break;
            case (PhysicalType.Boolean, BooleanBuffer truths):
                ReadStored(rowGroup, column, truths, ValueReader.Read);
                break;
            case (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, BytesBuffer bytes):
                ReadStored(rowGroup, column, bytes, BytesReader.Read);
                break;
            default:
                throw new ArgumentException($"A buffer of {column.StoredAs} is expected.", nameof(into));
        }
    }

    /// <summary>Returns the number of rows of a row group in which a column is not null, without its values being decoded.</summary>
    /// <param name="rowGroup">The row group's index.</param>
    /// <param name="column">One of <see cref="Columns"/>, or of the fields of a group; it may be a group, and repeated if what it is in is not.</param>
    /// <exception cref="ParquetException">The column is damaged.</exception>
    public long CountNotNull(int rowGroup, ParquetColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        ParquetColumn leaf = column;
        while (leaf is { StoredAs: null, Fields: [var first, ..] })
        {
            leaf = first;
        }

        CheckLeaf(leaf);
        long rows = 0;
        ReadStored(rowGroup, leaf, new BooleanBuffer(), (chunk, levels) => rows = Internal.Reading.RowCount.NotNull(chunk, levels, leaf, column));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void CheckLeaf(ParquetColumn column)
    {
        if (column.Leaf < 0 || column.Leaf >= _leaves.Count || _leaves[column.Leaf].Path != column.Path)
        {
            throw new ArgumentException("It is not a column of this file that holds values.", nameof(column));
        }
    }

    private static ParquetReader Open(ByteSource source, string name, ParquetReaderOptions? options)
    {
        try
        {
            return new ParquetReader(source, name, options);
        }
        catch (ParquetException e)
        {
            source.Dispose();
            throw e.At(name);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private void Read<TBuffer>(
        int rowGroup, string column, TBuffer into, IReadOnlyList<RowRange>? rows, Action<ChunkReader, TBuffer> read)
        where TBuffer : ColumnBuffer
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(column);
        Read(rowGroup, column, LeafOf, into, rows, isStored: false, read);
    }

    private void ReadStored<TBuffer>(int rowGroup, ParquetColumn column, TBuffer into, Action<ChunkReader, TBuffer> read)
        where TBuffer : ColumnBuffer => Read(rowGroup, column.Path, _ => column.Leaf, into, null, isStored: true, read);

    private void Read<TBuffer>(
        int rowGroup, string column, Func<string, int> leafOf, TBuffer into, IReadOnlyList<RowRange>? rows, bool isStored, Action<ChunkReader, TBuffer> read)
        where TBuffer : ColumnBuffer
    {
        CheckRowGroup(rowGroup);
        CheckRows(rowGroup, rows);
        ChunkReader? chunk = null;
        At(rowGroup, column, leafOf, leaf =>
        {
            ColumnChunkMetadata facts = Metadata.RowGroups[rowGroup].Columns[leaf];
            if (facts.IsEncrypted)
            {
                throw ParquetException.Unsupported("The column is encrypted.");
            }

            bool isRepeated = _leaves[leaf].IsRepeated;
            if (isRepeated ? facts.ValueCount < RowCountOf(rowGroup) : facts.ValueCount != Metadata.RowGroups[rowGroup].RowCount)
            {
                throw ParquetException.Corrupt($"The column has {facts.ValueCount} values, its row group {Metadata.RowGroups[rowGroup].RowCount} rows.");
            }

            if (facts.ValueCount > int.MaxValue)
            {
                throw new ParquetException(ParquetErrorKind.LimitExceeded, $"The column has {facts.ValueCount} values in one row group.");
            }

            PageSelection? selection = rows is null ? null : PageSelection.Of(PageIndexReader.Read(_source, facts, RowCountOf(rowGroup)), rows);
            var budget = new ReadBudget(_options.ColumnBytesMax ?? (ColumnBytesFloor + (ColumnBytesPerFileByte * _source.Length)));
            using (chunk = new ChunkReader(_source, facts, _leaves[leaf], budget, _options, selection) { IsStored = isStored })
            {
                read(chunk, into);
            }

            if (isRepeated)
            {
                Internal.Reading.RowCount.Check(into, RowCountOf(rowGroup));
            }

            if (selection is not null)
            {
                into.Keep(selection.Kept);
            }

            return true;
        }, () => chunk?.PageOffset);
    }

    // Runs what is about one column of one row group, and has its failures say so.
    private T At<T>(int rowGroup, string column, Func<int, T> read)
    {
        ArgumentNullException.ThrowIfNull(column);
        return At(rowGroup, column, LeafOf, read);
    }

    private T At<T>(int rowGroup, string column, Func<string, int> leafOf, Func<int, T> read, Func<long?>? offsetOf = null)
    {
        try
        {
            return read(leafOf(column));
        }
        catch (ParquetException e)
        {
            throw e.At(_name, column, rowGroup, offsetOf?.Invoke());
        }
    }

    private ColumnBounds<T>? BoundsOf<T>(int rowGroup, string column, Func<Leaf, ColumnStatistics, ColumnBounds<T>?> boundsOf)
    {
        CheckRowGroup(rowGroup);
        return At(rowGroup, column, leaf =>
            IsTrusted(leaf) && Metadata.RowGroups[rowGroup].Columns[leaf].Statistics is { } statistics ? boundsOf(_leaves[leaf], statistics) : null);
    }

    private bool IsTrusted(int leaf) =>
        StatisticsValidity.IsTrusted(Metadata.CreatedBy, _leaves[leaf], leaf < _hasTypeOrder.Count && _hasTypeOrder[leaf]);

    private void CheckRowGroup(int rowGroup)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowGroup);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rowGroup, RowGroupCount);
    }

    private void CheckRows(int rowGroup, IReadOnlyList<RowRange>? rows)
    {
        int end = 0;
        foreach (RowRange range in rows ?? [])
        {
            if (range.Start < end || range.Count <= 0 || range.Count > RowCountOf(rowGroup) - range.Start)
            {
                throw new ArgumentException("The rows are not in order, not apart, or not in the row group.", nameof(rows));
            }

            end = range.End;
        }
    }

    private int LeafOf(string column)
    {
        if (_readable.TryGetValue(column, out int index))
        {
            return index;
        }

        foreach (Leaf leaf in _leaves)
        {
            if (leaf.Path == column || leaf.Path.StartsWith(column + ".", StringComparison.Ordinal))
            {
                throw ParquetException.Unsupported($"The column {leaf.Refusal ?? "is nested, which is not read"}.");
            }
        }

        throw new ParquetException(ParquetErrorKind.MissingColumn, "The file has no such column.");
    }
}
