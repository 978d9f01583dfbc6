using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>The Parquet schemas of bronze, silver and quarantine.</summary>
internal static class MessageSchemas
{
    /// <summary>Returns the schema of bronze: the message as it came, under the names and types of the notebook's schema, what is kept beside it, and the columns that the lake adds.</summary>
    internal static ParquetSchema Bronze(KeptFields kept, IdTypes ids, AddedData added) => kept == KeptFields.None && ids.AreDefault && added.IsEmpty ? PlainBronze : new([.. MessageFields(ids), .. KeptColumnFields(kept), .. added.Fields]);

    /// <summary>Returns the schema of silver: the message, the country's name, what is kept, the columns that the lake adds, and the offset that decides ties. <c>date</c> is the folder.</summary>
    internal static ParquetSchema Silver(KeptFields kept, IdTypes ids, AddedData added) => kept == KeptFields.None && ids.AreDefault && added.IsEmpty ? PlainSilver : SilverOf(kept, ids, added.Fields);

    private static ParquetSchema PlainBronze { get; } = new([.. MessageFields(IdTypes.Default)]);

    private static ParquetSchema PlainSilver { get; } = SilverOf(KeptFields.None, IdTypes.Default, []);

    private static ParquetSchema SilverOf(KeptFields kept, IdTypes ids, IEnumerable<ParquetField> added) => new(
    [
        .. MessageFields(ids),
        new ParquetField("country", ParquetType.String),
        .. KeptColumnFields(kept),
        .. added,
        new ParquetField("bronze_offset", ParquetType.Int64, IsRequired: true),
    ]);

    /// <summary>
    /// Gets the schema of quarantine: a row for each rejected record; <c>sequence</c> and <c>index</c> are its identity. Files of earlier versions
    /// end with <c>raw</c>.
    /// </summary>
    internal static ParquetSchema Quarantine { get; } = new(
    [
        new ParquetField("reason", ParquetType.String, IsRequired: true),
        new ParquetField("detail", ParquetType.String, IsRequired: true),
        new ParquetField("source", ParquetType.String, IsRequired: true),
        new ParquetField("record", ParquetType.Int64, IsRequired: true),
        new ParquetField("position", ParquetType.Int64),
        new ParquetField("raw", ParquetType.Binary, IsRequired: true),
        new ParquetField("sequence", ParquetType.Int64, IsRequired: true),
        new ParquetField("index", ParquetType.Int32, IsRequired: true),
        new ParquetField("rejected_at", ParquetType.TimestampMicros),
    ]);

    /// <summary>Gets the schema of quarantine where a record went through another mapping than the lake's default: its name.</summary>
    internal static ParquetSchema MappedQuarantine { get; } = new([.. Quarantine.Fields, new ParquetField("mapping", ParquetType.String)]);

    private static IEnumerable<ParquetField> KeptColumnFields(KeptFields kept) =>
    [
        .. (kept & KeptFields.Attributes) == 0 ? Array.Empty<ParquetField>() : [new ParquetField(KeptColumns.AttributesName, ParquetType.String)],
        .. (kept & KeptFields.Source) == 0 ? Array.Empty<ParquetField>()
            : [new ParquetField(KeptColumns.SourceName, ParquetType.String), new ParquetField(KeptColumns.SourceOffsetName, ParquetType.Int64)],
    ];

    private static IEnumerable<ParquetField> MessageFields(IdTypes ids) => MessageSchema.Columns.Select(column => new ParquetField(column.Name, column.Type switch
    {
        MessageColumnType.Timestamp => ParquetType.TimestampMicros,
        MessageColumnType.Number => TypeOf(ids.Of(column.Name)),
        _ => ParquetType.String,
    }));

    private static ParquetType TypeOf(IdType type) => type switch
    {
        IdType.Text => ParquetType.String,
        IdType.Number64 => ParquetType.Int64,
        _ => ParquetType.Int32,
    };
}
