using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Holds single values that come neither as JSON nor as CSV, such as a Parquet column's, to the rules of both, in the
/// same words.
/// </summary>
public static class FieldText
{
    /// <summary>The most bytes in one text.</summary>
    public const int BytesMax = NdjsonParser.LineBytesMax;

    /// <summary>Reads a whole number that fits the field.</summary>
    /// <param name="field">The field's name: <c>country_id</c> or <c>user_id</c>.</param>
    /// <param name="text">The number's text.</param>
    /// <param name="value">The number, or 0.</param>
    /// <param name="fault">The reason why it does not fit.</param>
    public static bool TryReadInteger(string field, ReadOnlySpan<byte> text, out int value, out FieldFault fault)
    {
        InputField known = Find(field);
        var fields = default(MessageFields);
        fields.SetId(known, text);
        value = known == InputField.CountryId ? fields.CountryId : fields.UserId;
        fault = new FieldFault(fields.Reason, fields.Detail ?? "");
        return !fields.IsRejected;
    }

    /// <summary>Reads an id.</summary>
    /// <param name="field">The field's name: <c>country_id</c> or <c>user_id</c>.</param>
    /// <param name="type">The type of its ids.</param>
    /// <param name="text">The id's text.</param>
    /// <param name="id">The id, or 0.</param>
    /// <param name="fault">The reason why it is none.</param>
    public static bool TryReadId(string field, IdType type, ReadOnlySpan<byte> text, out IdValue id, out FieldFault fault)
    {
        InputField known = Find(field);
        var fields = new MessageFields { Ids = RecordIds.Of(new IdTypes(type, type)) };
        fields.SetId(known, text);
        fault = new FieldFault(fields.Reason, fields.Detail ?? "");
        id = fields.IsRejected ? default : type == IdType.Text ? new IdValue(Encoding.UTF8.GetString(text))
            : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return !fields.IsRejected;
    }

    /// <summary>Reads a timestamp.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="format">The source's format; null for RFC 3339 and similar forms.</param>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z, or 0.</param>
    /// <param name="fault">The reason why it is not a timestamp.</param>
    public static bool TryReadTimestamp(ReadOnlySpan<byte> text, LakeTimeZone zone, TimestampFormat? format, out long micros, out FieldFault fault)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var fields = default(MessageFields);
        fields.SetTimestamp(text, zone, format);
        micros = fields.Timestamp;
        fault = new FieldFault(fields.Reason, fields.Detail ?? "");
        return !fields.IsRejected;
    }

    /// <summary>Returns the fault of an instant that has no date in a lake.</summary>
    /// <param name="shown">The value, such as <c>2147483647 days since 1970</c>.</param>
    /// <param name="zone">The lake's time zone.</param>
    public static FieldFault TimestampOutOfRange(string shown, LakeTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return new FieldFault(
            RejectionReason.TimestampOutOfRange,
            $"timestamp is {shown}, but a date from 0001-01-01 to 9999-12-31 in the time zone {zone.Id} is expected");
    }

    /// <summary>Returns the fault of a stored number that is not whole.</summary>
    /// <param name="field">The field's name: <c>country_id</c> or <c>user_id</c>.</param>
    /// <param name="shown">The number, such as <c>7.5</c>.</param>
    /// <param name="type">The type of its ids.</param>
    public static FieldFault NotWhole(string field, string shown, IdType type = IdType.Number32) => new(RejectionReason.WrongType, NumberExpected(field, shown, type));

    /// <summary>Returns the fault of a stored number that is whole and does not fit.</summary>
    /// <param name="field">The field's name: <c>country_id</c> or <c>user_id</c>.</param>
    /// <param name="shown">The number, such as <c>1e+300</c>.</param>
    /// <param name="type">The type of its ids.</param>
    public static FieldFault NumberOutOfRange(string field, string shown, IdType type = IdType.Number32) => new(RejectionReason.NumberOutOfRange, NumberExpected(field, shown, type));

    /// <summary>Returns the fault of bytes that are not text.</summary>
    public static FieldFault NotUtf8(string field, ReadOnlySpan<byte> bytes) =>
        new(RejectionReason.NotUtf8, Utf8Fault.Describe($"{field} {ShownText.Quoted(bytes)}", bytes));

    /// <summary>Returns the fault of a text of more than <see cref="BytesMax"/> bytes.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="bytes">Its size in bytes.</param>
    public static FieldFault TooLong(string field, int bytes) =>
        new(RejectionReason.TooLong, $"{field} has {bytes} bytes, but at most {BytesMax} are expected");

    private static string NumberExpected(string field, string shown, IdType type) =>
        $"{field} is {ShownText.Of(Encoding.UTF8.GetBytes(shown))}, but a whole number from {(type == IdType.Number64 ? long.MinValue : int.MinValue)} to {(type == IdType.Number64 ? long.MaxValue : int.MaxValue)} is expected";

    private static InputField Find(string field) => InputFields.Find(Encoding.UTF8.GetBytes(field)) is var found and (InputField.CountryId or InputField.UserId)
        ? found
        : throw new ArgumentException($"{field} does not hold a number.", nameof(field));
}
