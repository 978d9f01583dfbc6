using System.Globalization;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;
using OrleansLake.Storage.Snapshots;

namespace OrleansLake.Engine;

/// <summary>
/// A report as a Parquet file, and back. Its key-value metadata holds the position that it is true as of and the
/// columns' own names (Spark and DuckDB match columns without case, so the names may differ).
/// </summary>
public static class GoldFiles
{
    /// <summary>
    /// The metadata key of the number of the manifest that the report was written for; of many partitions, the sum of
    /// theirs, which goes up whenever one of them commits.
    /// </summary>
    public const string ManifestKey = FileFormat.ManifestKey;

    /// <summary>
    /// The metadata key of the state that the report was made from. Manifests that change no state (a new owner's
    /// seal) have the same, so it shows whether a report is up to date where the manifest's number does not.
    /// </summary>
    public const string StateKey = FileFormat.StateKey;

    /// <summary>The metadata key of the offset before which every message is counted.</summary>
    public const string PositionKey = FileFormat.PositionKey;

    /// <summary>Returns the names of everything that gold holds: the reports, and the ledger.</summary>
    public static IReadOnlyList<string> Names(ReportCatalog reports) => [.. (reports ?? throw new ArgumentNullException(nameof(reports))).Select(static report => report.Name), LakePaths.Ledger];

    /// <summary>Writes a report.</summary>
    /// <param name="destination">The stream to write to.</param>
    /// <param name="table">The report.</param>
    /// <param name="manifests">
    /// The manifests that it is of, one for each partition, whose names its columns get; none if it is of none, and its columns
    /// have theirs.
    /// </param>
    public static void Write(Stream destination, ReportTable table, params IReadOnlyList<Manifest> manifests)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(manifests);
        table = manifests.Count > 0 ? GoldNames.Of(manifests, table.Definition.Name).Apply(table) : table;
        string[] own = [.. table.ColumnNames];
        for (int column = table.Definition.RowKeys.Count, counted = 0; column < own.Length; column++)
        {
            own[column] = column == table.TotalIndex ? own[column] : table.ValueNames[counted++];
        }

        var options = new ParquetWriterOptions { KeyValueMetadata = Metadata(own, manifests) };
        using var writer = new ParquetWriter(destination, new ParquetSchema([.. table.Columns.Select(Field)]), options);
        if (table.RowCount > 0)
        {
            writer.WriteRowGroup([.. table.Columns.Select((column, i) => Data(table, column, i))]);
        }

        writer.Finish();
    }

    /// <summary>Reads a report back.</summary>
    /// <exception cref="ParquetException">The file is damaged, or no report of this definition.</exception>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    public static ReportTable Read(ParquetReader reader, ReportDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(definition);
        string[] names = !FileFormat.IsOurs(reader) ? [.. reader.Schema.Fields.Select(f => f.Name)] : OwnNames(reader, definition);
        return ReportFile.Read(reader, definition, names);
    }

    /// <summary>Returns the names of a report's counted columns, their own and those in the file; null if the file is not ours.</summary>
    /// <exception cref="ParquetException">The file is damaged, or no report of this definition.</exception>
    internal static IReadOnlyList<(string Own, string InFile)>? CountedNames(ParquetReader reader, ReportDefinition definition)
    {
        if (!FileFormat.IsOurs(reader))
        {
            return null;
        }

        string[] names = OwnNames(reader, definition);
        int fields = reader.Schema.Fields.Count;
        int total = definition.TotalPlace == TotalPlace.AfterKeys ? definition.RowKeys.Count : fields - 1;
        return names.Length != fields ? throw new ParquetException($"The metadata of this {definition.Name} are damaged.")
            : [.. Enumerable.Range(definition.RowKeys.Count, fields - definition.RowKeys.Count).Where(i => i != total).Select(i => (names[i], reader.Schema.Fields[i].Name))];
    }

    private static string[] OwnNames(ParquetReader reader, ReportDefinition definition) =>
        FileFormat.Text(reader, FileFormat.ColumnsKey) is { } json ? ColumnNames.Read(json)
            : throw new ParquetException($"The metadata of this {definition.Name} are damaged.");

    /// <summary>Returns the number in a report's metadata; -1 if there is none.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    public static long Number(ParquetReader reader, string key)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return long.TryParse(FileFormat.Text(reader, key), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;
    }

    /// <summary>Returns whether a report was made from the state that manifests name, one for each partition.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    public static bool IsOf(ParquetReader reader, params IReadOnlyList<Manifest> manifests)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(manifests);
        return FileFormat.Text(reader, StateKey) == StateOf(manifests);
    }

    /// <summary>Returns whether a report says that it was made from an earlier state of a lake than the one that its manifests name.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    internal static bool IsBefore(ParquetReader reader, IReadOnlyList<Manifest> manifests)
    {
        string[] states = FileFormat.Text(reader, StateKey)?.Split(';') ?? [];
        long number = Number(reader, ManifestKey);
        long position = Number(reader, PositionKey);
        return number >= 0 && number < NumberOf(manifests) && position >= 0 && position <= manifests.Sum(m => m.Applied.Offset)
            && states.Length > 0 && states.Length <= manifests.Count
            && Array.TrueForAll(states, state => state.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{manifests[0].Generation}/"), StringComparison.Ordinal));
    }

    /// <summary>
    /// Returns whether a file of gold that is missing has been there: its names are kept in manifests before it is written, and where an
    /// earlier version kept none, the others are there.
    /// </summary>
    internal static bool HasBeen(ILakeStore store, ReportCatalog reports, IReadOnlyList<Manifest> manifests, string name)
    {
        ReportNames[] kept = [.. manifests.SelectMany(static manifest => manifest.Columns)];
        return kept.Length == 0 ? Names(reports).Any(any => store.Find(LakePaths.GoldFile(any)) is not null)
            : name == LakePaths.Ledger || Array.Exists(kept, report => report.Report == name);
    }

    /// <summary>Returns whether two commits of a partition name the same state.</summary>
    internal static bool AreOfOneState(Manifest one, Manifest other) => one.Partition == other.Partition && StateOf(one) == StateOf(other);

    /// <summary>Returns what <see cref="ManifestKey"/> says of manifests.</summary>
    internal static long NumberOf(IReadOnlyList<Manifest> manifests) => manifests.Sum(m => m.Number);

    /// <summary>Returns a file's metadata: its columns' own names, and what it is true as of.</summary>
    internal static Dictionary<string, string> Metadata(IReadOnlyList<string> columns, IReadOnlyList<Manifest> manifests)
    {
        var metadata = new Dictionary<string, string>
        {
            [FileFormat.ColumnsKey] = ColumnNames.Write(columns),
        };
        if (manifests.Count > 0)
        {
            metadata.Add(ManifestKey, NumberOf(manifests).ToString(CultureInfo.InvariantCulture));
            metadata.Add(PositionKey, manifests.Sum(m => m.Applied.Offset).ToString(CultureInfo.InvariantCulture));
            metadata.Add(StateKey, StateOf(manifests));
        }

        return FileFormat.Seal(metadata);
    }

    // The newest file of the state is new with every commit that changes the state.
    private static string StateOf(IReadOnlyList<Manifest> manifests) => string.Join(';', manifests.Select(StateOf));

    private static string StateOf(Manifest manifest)
    {
        StateFile? newest = manifest.Snapshot.Changes.Count > 0 ? manifest.Snapshot.Changes[^1] : manifest.Snapshot.Base;
        return string.Create(CultureInfo.InvariantCulture, $"{manifest.Generation}/{manifest.Applied.Offset}/{newest?.Path}");
    }

    private static ParquetField Field(ReportColumn column) => new(
        column.Name,
        column.Type switch
        {
            ReportColumnType.Date => ParquetType.Date,
            ReportColumnType.Text => ParquetType.String,
            ReportColumnType.Number => ParquetType.Int32,
            _ => ParquetType.Int64,
        },
        column.IsRequired);

    private static ColumnData Data(ReportTable table, ReportColumn column, int index)
    {
        switch (column.Type)
        {
            case ReportColumnType.Date or ReportColumnType.Number:
                NumberColumn<int> numbers = table.Numbers(index);
                return new Int32Data(numbers.Memory, numbers.Validity.Words.ToArray());
            case ReportColumnType.LongNumber:
                NumberColumn<long> longs = table.LongNumbers(index);
                return new Int64Data(longs.Memory, longs.Validity.Words.ToArray());
            case ReportColumnType.Text:
                TextColumn texts = table.Texts(index);
                return new BytesData(texts.Bytes, texts.Offsets, texts.Validity.Words.ToArray());
            default:
                NumberColumn<long> counts = table.Counts(index);
                return new Int64Data(counts.Memory, counts.Validity.Words.ToArray());
        }
    }
}
