using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>The Parquet schemas of bronze, silver and quarantine.</summary>
internal static class MessageSchemas
{
    /// <summary>Gets the schema of bronze: the message as it came, under the names and types of the notebook's schema.</summary>
    internal static ParquetSchema Bronze { get; } = new([.. MessageFields()]);

    /// <summary>Gets the schema of silver: bronze, the country's name, and the offset that decides ties. <c>date</c> is the folder.</summary>
    internal static ParquetSchema Silver { get; } = new(
    [
        .. MessageFields(),
        new ParquetField("country", ParquetType.String),
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

    private static IEnumerable<ParquetField> MessageFields() => MessageSchema.Columns.Select(static column => new ParquetField(column.Name, column.Type switch
    {
        MessageColumnType.Timestamp => ParquetType.TimestampMicros,
        MessageColumnType.Number => ParquetType.Int32,
        _ => ParquetType.String,
    }));
}
