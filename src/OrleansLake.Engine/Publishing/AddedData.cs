using System.Text;
using System.Text.Json;
using OrleansLake.Core;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// The columns that a lake adds, as they are in its files: made of each row's attributes when a file is written. What is not of a column's
/// type is null there, and is reported once for each column. Thread-safe.
/// </summary>
/// <param name="columns">The columns.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="tell">Told what did not fit.</param>
internal sealed class AddedData(AddedColumns columns, LakeTimeZone zone, Action<string> tell)
{
    /// <summary>The key under which a file says what its columns were made of: <see cref="LakeColumns"/> may have others by now.</summary>
    internal const string MetadataKey = "orleanslake.added";

    private readonly HashSet<string> _told = [];

    /// <summary>Gets the columns of a lake that adds none.</summary>
    internal static AddedData None { get; } = new(AddedColumns.None, LakeTimeZone.Utc, static _ => { });

    /// <summary>Gets a value indicating whether there are none.</summary>
    internal bool IsEmpty => columns.IsEmpty;

    /// <summary>Gets the fields of a file's schema.</summary>
    internal IEnumerable<ParquetField> Fields { get; } = columns.Columns.Select(static column => new ParquetField(column.Name, TypeOf(column.Type))).ToArray();

    /// <summary>Gets what a file says of its columns.</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; } = columns.IsEmpty ? new() : new Dictionary<string, string>
    {
        [MetadataKey] = $"[{string.Join(',', columns.Columns.Select(static column => $"[\"{column.Name}\",\"{column.TypeName}\",\"{JsonEncodedText.Encode(column.From)}\"]"))}]",
    };

    /// <summary>Returns the columns that a file says it has.</summary>
    /// <exception cref="ParquetException">It says something else.</exception>
    internal static AddedColumns In(ParquetReader reader)
    {
        if (!reader.Metadata.KeyValueMetadata.TryGetValue(MetadataKey, out string? text))
        {
            return AddedColumns.None;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return AddedColumns.Of(json.RootElement.EnumerateArray().Select(static one =>
                AddedColumn.TryCreate(one[0].GetString() ?? "", one[1].GetString() ?? "", one[2].GetString() ?? "", out AddedColumn? column, out string? error) ? column : throw new JsonException(error)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new ParquetException(ParquetErrorKind.CorruptData, $"{reader.Name}: what it says of its columns ({MetadataKey}) cannot be read: {e.Message}");
        }
    }

    /// <summary>Returns the values of a row as a JSON object, whether its file has the columns or not; null if there are none.</summary>
    /// <param name="attributes">The row's attributes; null if it has none.</param>
    internal string? Json(string? attributes)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(attributes ?? "");
        return columns.IsEmpty ? null : $"{{{string.Join(',', columns.Columns.Select(column => $"\"{column.Name}\":{new AddedColumnReader(column, zone).Json(utf8)}"))}}}";
    }

    /// <summary>Returns the columns of rows.</summary>
    /// <param name="attributes">Their attributes.</param>
    /// <param name="idOf">The message of a row that is reported; null: nothing is reported.</param>
    internal IEnumerable<ColumnData> Of(TextColumn attributes, Func<int, string>? idOf)
    {
        foreach (AddedColumn column in columns.Columns)
        {
            var built = new AddedColumnBuilder(column, zone, attributes.Count);
            for (int row = 0; row < attributes.Count; row++)
            {
                built.Append(attributes[row]);
            }

            if (built.Misfits > 0 && idOf is not null && IsFirst(column.Name))
            {
                tell($"column {column.Name}: {Counted.Of(built.Misfits, "value")} {(built.Misfits == 1 ? "is" : "are")} not {column.TypeName}, the first {ShownText.Of(Encoding.UTF8.GetBytes(built.Misfit))} in message {ShownText.Of(Encoding.UTF8.GetBytes(idOf(built.MisfitRow)))}; it is null in the column and stays in attributes, as further ones will. `lake check --deep` counts them.");
            }

            yield return built.Data();
        }
    }

    private bool IsFirst(string name)
    {
        lock (_told)
        {
            return _told.Add(name);
        }
    }

    private static ParquetType TypeOf(AddedColumnType type) => type switch
    {
        AddedColumnType.Int64 => ParquetType.Int64,
        AddedColumnType.Double => ParquetType.Double,
        AddedColumnType.Boolean => ParquetType.Boolean,
        AddedColumnType.Timestamp => ParquetType.TimestampMicros,
        _ => ParquetType.String,
    };
}
