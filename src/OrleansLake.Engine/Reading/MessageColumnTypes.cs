using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The types of a Parquet column that are accepted for each column of a message.</summary>
internal static class MessageColumnTypes
{
    // The digits of 256 bits, the widest decimal that programs write.
    private const int DecimalDigitsMax = 76;

    /// <summary>Returns the form of a column's values.</summary>
    internal static ValueForm FormOf(ParquetColumn column) => column.IsRepeated ? ValueForm.Other : FormOfValue(column);

    /// <summary>Returns the form of each value of a column, which may be repeated.</summary>
    internal static ValueForm FormOfValue(ParquetColumn column) => column switch
    {
        { StoredAs: null } => ValueForm.Other,
        { Logical: LogicalType.Unknown } => ValueForm.Nulls,
        { Logical: LogicalType.Timestamp } => ValueForm.Instants,
        { Logical: LogicalType.Date } => ValueForm.Days,
        { Logical: LogicalType.Time } => ValueForm.Times,
        { Logical: LogicalType.None, StoredAs: PhysicalType.Boolean } => ValueForm.Truths,
        { Logical: LogicalType.Uuid } => ValueForm.Uuids,
        { Logical: LogicalType.String or LogicalType.Enum or LogicalType.Json or LogicalType.Bson } => ValueForm.Text,
        { Logical: LogicalType.None, StoredAs: PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray } => ValueForm.Text,
        { Logical: LogicalType.Integer } => ValueForm.Integers,
        { Logical: LogicalType.None, StoredAs: PhysicalType.Int32 or PhysicalType.Int64 } => ValueForm.Integers,
        { Logical: LogicalType.Decimal, Precision: <= DecimalDigitsMax } => ValueForm.Decimals,
        { Logical: LogicalType.Float16 } => ValueForm.Reals,
        { Logical: LogicalType.None, StoredAs: PhysicalType.Float or PhysicalType.Double } => ValueForm.Reals,
        _ => ValueForm.Other,
    };

    /// <summary>Returns whether a message's column takes values of a form.</summary>
    /// <param name="name">The message's column.</param>
    /// <param name="form">The form.</param>
    /// <param name="column">What the file declares.</param>
    /// <param name="countsEpochs">Whether it was specified what integers in timestamp count.</param>
    /// <param name="ids">The types of the lake's ids.</param>
    internal static bool Takes(string name, ValueForm form, ParquetColumn column, bool countsEpochs, IdTypes ids) => (name, form) switch
    {
        (_, ValueForm.Nulls) => true,
        ("timestamp", ValueForm.Instants or ValueForm.Days or ValueForm.Text) => true,
        ("timestamp", ValueForm.Integers) => countsEpochs,
        ("message_id", ValueForm.Text or ValueForm.Uuids or ValueForm.Integers) => true,
        ("message_id", ValueForm.Decimals) => column.Scale == 0,
        ("value", ValueForm.Text or ValueForm.Uuids or ValueForm.Integers or ValueForm.Decimals or ValueForm.Reals) => true,
        ("event_type" or "channel", ValueForm.Text) => true,
        ("country_id" or "user_id", _) when ids.Of(name) == IdType.Text =>
            form is ValueForm.Text or ValueForm.Uuids or ValueForm.Integers || (form == ValueForm.Decimals && column.Scale == 0),
        ("user_id", ValueForm.Text) => ids.User == IdType.Number64,
        ("country_id" or "user_id", ValueForm.Integers or ValueForm.Decimals or ValueForm.Reals) => true,
        _ => false,
    };

    /// <summary>Returns the sentence that refuses a column.</summary>
    /// <param name="name">The message's column.</param>
    /// <param name="column">What the file declares.</param>
    /// <param name="epoch">What integers in timestamp count, where that was specified.</param>
    /// <param name="ids">The types of the lake's ids.</param>
    internal static string Refusal(string name, ParquetColumn column, TimestampFormat? epoch, IdTypes ids)
    {
        if (epoch is not null && name == "timestamp" && FormOf(column) is ValueForm.Reals or ValueForm.Decimals)
        {
            // In microseconds, so that no fraction is rounded away.
            string micros = epoch == TimestampFormat.EpochSeconds ? "cast(timestamp * 1000000 as bigint), with epoch-us"
                : epoch == TimestampFormat.EpochMillis ? "cast(timestamp * 1000 as bigint), with epoch-us" : "cast(timestamp as bigint)";
            return $"column 'timestamp' is {column.TypeText}, but with --timestamp-format {epoch} a column of integers is expected: {micros}.";
        }

        string refusal = $"column '{name}' is {column.TypeText}, but {Expected(name, ids)} is expected";
        return name == "timestamp" && FormOf(column) == ValueForm.Integers
            ? $"{refusal}: the file does not say what a plain integer counts (`lake ingest --timestamp-format epoch-s|epoch-ms|epoch-us|epoch-ns` says it)."
            : $"{refusal}.";
    }

    private static string Expected(string name, IdTypes ids) => name switch
    {
        "timestamp" => "a TIMESTAMP, a DATE or text",
        "message_id" => "text, a UUID or a whole number",
        "value" => "text, a number or a UUID",
        "country_id" or "user_id" when ids.Of(name) == IdType.Text => "text, a UUID or a whole number",
        "country_id" or "user_id" => "a whole number (an integer, DECIMAL, FLOAT or DOUBLE)",
        _ => "text",
    };
}
