using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using OrleansLake.Parquet.Internal;
using OrleansLake.Parquet.Internal.Writing;

namespace OrleansLake.Parquet;

/// <summary>
/// Writes a Parquet file from columns, a row group at a time. The stream is neither closed nor flushed; it is written to
/// from one thread at a time, which is not always the caller's. A file is one only after <see cref="Finish"/>. For one
/// caller at a time; a writer that threw is of no further use.
/// </summary>
public sealed class ParquetWriter : IDisposable
{
    private readonly Stream _destination;
    private readonly ParquetWriterOptions _options;
    private readonly ChunkEncoder[] _encoders;
    private readonly ColumnData[] _columns;
    private readonly int[] _order;
    private readonly List<ChunkRecord[]> _rowGroups = [];
    private readonly OutputBuffer _bloomFilters = new();
    private readonly OutputBuffer _columnIndexes = new();
    private readonly OutputBuffer _offsetIndexes = new();
    private readonly bool[] _isEncoded;
    private readonly Lock _writing = new();
    private int _writtenCount;
    private long _position;
    private bool _isFinished;

    /// <summary>Begins a file.</summary>
    /// <param name="destination">Where it goes; only written to, never sought.</param>
    /// <param name="schema">The columns, one at least.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="ArgumentException">The schema has no column or an option is out of its range.</exception>
    public ParquetWriter(Stream destination, ParquetSchema schema, ParquetWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(schema);
        _options = options ?? new ParquetWriterOptions();
        _options.Validate(schema);
        if (schema.Fields.Count == 0)
        {
            throw new ArgumentException("A schema has one column at least.", nameof(schema));
        }

        _destination = destination;
        Schema = schema;
        _encoders = new ChunkEncoder[schema.Fields.Count];
        for (int i = 0; i < _encoders.Length; i++)
        {
            _encoders[i] = EncoderOf(schema.Fields[i], _options);
        }

        _columns = new ColumnData[_encoders.Length];
        _order = new int[_encoders.Length];
        _isEncoded = new bool[_encoders.Length];
        Write("PAR1"u8);
    }

    /// <summary>The file's columns.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>How many bytes were written so far.</summary>
    public long Position => _position;

    /// <summary>
    /// Writes rows, encoded here and now: the caller's arrays are free again when this returns. Rows beyond
    /// <see cref="ParquetWriterOptions.RowGroupRowsMax"/> go to further row groups; no rows make none.
    /// </summary>
    /// <param name="columns">The columns in the schema's order, all with the same number of rows.</param>
    /// <exception cref="ArgumentException">The columns are not the schema's.</exception>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public void WriteRowGroup(params ReadOnlySpan<ColumnData> columns)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        Check(columns);
        columns.CopyTo(_columns);
        Array.Sort(CostsOf(columns), _order);
        for (int start = 0; start < columns[0].Count; start += _options.RowGroupRowsMax)
        {
            int count = Math.Min(_options.RowGroupRowsMax, columns[0].Count - start);
            _rowGroups.Add(new ChunkRecord[_encoders.Length]);
            Encode(start, count);
        }

        Array.Clear(_columns);
    }

    /// <summary>Writes the indexes and the footer. After this the file is whole.</summary>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        _isFinished = true;
        long bloomFilters = _position;
        Write(_bloomFilters.Written);
        long columnIndexes = _position;
        Write(_columnIndexes.Written);
        long offsetIndexes = _position;
        Write(_offsetIndexes.Written);
        using var footer = new OutputBuffer();
        new FooterWriter(Schema, _options, _rowGroups, bloomFilters, columnIndexes, offsetIndexes, footer).Write();
        BinaryPrimitives.WriteInt32LittleEndian(footer.Reserve(sizeof(int)), footer.Length);
        footer.Advance(sizeof(int));
        footer.Write("PAR1"u8);
        Write(footer.Written);
    }

    /// <summary>Frees the buffers. Without <see cref="Finish"/> before it, what was written is not a file.</summary>
    public void Dispose()
    {
        _isFinished = true;
        foreach (ChunkEncoder encoder in _encoders)
        {
            encoder.Dispose();
        }

        _bloomFilters.Dispose();
        _columnIndexes.Dispose();
        _offsetIndexes.Dispose();
    }

    private static ChunkEncoder EncoderOf(ParquetField field, ParquetWriterOptions options) => field.Type switch
    {
        ParquetType.Boolean => new BooleanChunkEncoder(field, options),
        ParquetType.Int32 or ParquetType.Date => new NumberChunkEncoder<int>(field, options, static data => ((Int32Data)data).Values),
        ParquetType.Int64 or ParquetType.TimestampMicros => new NumberChunkEncoder<long>(field, options, static data => ((Int64Data)data).Values),
        ParquetType.Float => new NumberChunkEncoder<float>(field, options, static data => ((FloatData)data).Values),
        ParquetType.Double => new NumberChunkEncoder<double>(field, options, static data => ((DoubleData)data).Values),
        _ => new BytesChunkEncoder(field, options),
    };

    private void Check(ReadOnlySpan<ColumnData> columns)
    {
        if (columns.Length != Schema.Fields.Count)
        {
            throw new ArgumentException($"There are {columns.Length} columns, the schema has {Schema.Fields.Count}.", nameof(columns));
        }

        for (int i = 0; i < columns.Length; i++)
        {
            ParquetField field = Schema.Fields[i];
            bool isRight = (columns[i], field.Type) switch
            {
                (BooleanData, ParquetType.Boolean) => true,
                (Int32Data, ParquetType.Int32 or ParquetType.Date) => true,
                (Int64Data, ParquetType.Int64 or ParquetType.TimestampMicros) => true,
                (FloatData, ParquetType.Float) => true,
                (DoubleData, ParquetType.Double) => true,
                (BytesData, ParquetType.String or ParquetType.Binary) => true,
                _ => false,
            };
            if (!isRight)
            {
                throw new ArgumentException($"Column '{field.Name}' is {field.Type} in the schema, its data is {columns[i]?.GetType().Name}.", nameof(columns));
            }

            if (columns[i].Count != columns[0].Count)
            {
                throw new ArgumentException($"Column '{field.Name}' has {columns[i].Count} rows, the first one {columns[0].Count}.", nameof(columns));
            }

            if (field.IsRequired && columns[i].NullCount != 0)
            {
                throw new ArgumentException($"Column '{field.Name}' is required and has nulls.", nameof(columns));
            }
        }
    }

    // The dearest columns come first, so that no thread starts on one when the others are done.
    private long[] CostsOf(ReadOnlySpan<ColumnData> columns)
    {
        var costs = new long[columns.Length];
        for (int i = 0; i < costs.Length; i++)
        {
            _order[i] = i;
            costs[i] = -(columns[i] is BytesData { IsDictionary: false } bytes ? bytes.Bytes.Length : 4L * columns[i].Count);
        }

        return costs;
    }

    private void Encode(int start, int count)
    {
        int threads = Math.Min(_options.Threads, _encoders.Length);
        if (threads == 1)
        {
            for (int i = 0; i < _encoders.Length; i++)
            {
                _encoders[i].Encode(_columns[i], start, count);
                WriteChunk(i);
            }

            return;
        }

        int next = -1;
        _writtenCount = 0;
        Array.Clear(_isEncoded);
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
            {
                for (int i = Interlocked.Increment(ref next); i < _order.Length; i = Interlocked.Increment(ref next))
                {
                    int column = _order[i];
                    _encoders[column].Encode(_columns[column], start, count);
                    Volatile.Write(ref _isEncoded[column], true);
                    WriteEncoded();
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        WriteEncoded();
    }

    // Writes the chunks whose turn it is while other threads go on encoding. Whoever finds another thread at it goes
    // on too: that thread looks again after it has let go.
    private void WriteEncoded()
    {
        while (IsNextEncoded() && _writing.TryEnter())
        {
            try
            {
                while (IsNextEncoded())
                {
                    WriteChunk(_writtenCount);
                    Volatile.Write(ref _writtenCount, _writtenCount + 1);
                }
            }
            finally
            {
                _writing.Exit();
            }
        }
    }

    private bool IsNextEncoded()
    {
        int next = Volatile.Read(ref _writtenCount);
        return next < _isEncoded.Length && Volatile.Read(ref _isEncoded[next]);
    }

    private void WriteChunk(int column)
    {
        ChunkEncoder chunk = _encoders[column];
        Span<byte> bound = stackalloc byte[256];
        bound = bound.Length < _options.BoundBytesMax ? new byte[_options.BoundBytesMax] : bound;
        byte[]? min = chunk.TryGetMin(bound, out int length, out bool isMinExact) ? bound[..length].ToArray() : null;
        byte[]? max = chunk.TryGetMax(bound, out length, out bool isMaxExact) ? bound[..length].ToArray() : null;
        var record = new ChunkRecord(
            chunk.Codec, chunk.Encoding, chunk.RowCount, chunk.NullCount, chunk.UncompressedBytes, chunk.Output.Length,
            chunk.Pages.Count, _position, chunk.DictionaryPageBytes, min, isMinExact, max, isMaxExact, chunk.DistinctCount);
        if (chunk.BloomFilter.Length != 0)
        {
            int from = _bloomFilters.Length;
            _bloomFilters.Write(chunk.BloomFilter.Written);
            record.BloomFilter = from.._bloomFilters.Length;
        }

        if (_options.HasPageIndex)
        {
            int start = _offsetIndexes.Length;
            PageIndexWriter.WriteOffsetIndex(chunk, _position, _offsetIndexes);
            record.OffsetIndex = start.._offsetIndexes.Length;
            if (chunk.HasAllBounds)
            {
                start = _columnIndexes.Length;
                PageIndexWriter.WriteColumnIndex(chunk, _columnIndexes);
                record.ColumnIndex = start.._columnIndexes.Length;
            }
        }

        _rowGroups[^1][column] = record;
        Write(chunk.Output.Written);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _destination.Write(bytes);
        _position += bytes.Length;
    }
}
