using System.Buffers.Text;
using System.Collections.Immutable;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// One record's fields, while it is read: they go into a batch together or not at all. Text points into the input or
/// into the reader's scratch.
/// </summary>
internal ref struct MessageFields
{
    public long Timestamp;
    public ReadOnlySpan<byte> Value;
    public ReadOnlySpan<byte> EventType;
    public ReadOnlySpan<byte> MessageId;
    public ReadOnlySpan<byte> Channel;
    public MessageIdBits Uuid;
    public bool IsUuid;
    public int CountryId;
    public int UserId;

    /// <summary>The record's ids where some are not numbers of 32 bits; null where <see cref="CountryId"/> and <see cref="UserId"/> hold them.</summary>
    public RecordIds? Ids;

    /// <summary>The fields that hold a value, one bit each.</summary>
    public uint Present;

    /// <summary>The fields that were named, null or not.</summary>
    public uint Seen;

    public RejectionReason Reason;
    public string? Detail;

    private const string TimestampExample = "2024-12-16T12:01:05.123Z or 2024-12-16 12:01:05.123";

    public readonly bool IsRejected => Reason != 0;

    public readonly bool Has(InputField field) => (Present >> (int)field & 1) != 0;

    /// <summary>Returns the type of a field's ids.</summary>
    public readonly IdType TypeOf(InputField field) => Ids?.TypeOf(field) ?? IdType.Number32;

    /// <summary>Notes that a field was named; false if it was before.</summary>
    public bool See(InputField field)
    {
        uint bit = 1u << (int)field;
        if ((Seen & bit) != 0)
        {
            Fail(RejectionReason.DuplicateField, $"{InputFields.Name(field)} occurs twice, but each field is expected once");
            return false;
        }

        Seen |= bit;
        return true;
    }

    /// <summary>Rejects the record, unless it has been for an earlier reason.</summary>
    public void Fail(RejectionReason reason, string detail)
    {
        if (Reason == 0)
        {
            Reason = reason;
            Detail = detail;
        }
    }

    public void SetText(InputField field, ReadOnlySpan<byte> text)
    {
        Present |= 1u << (int)field;
        switch (field)
        {
            case InputField.Value:
                Value = text;
                break;
            case InputField.EventType:
                EventType = text;
                break;
            case InputField.Channel:
                Channel = text;
                break;
            default:
                MessageId = text;
                break;
        }
    }

    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    public void SetTimestamp(long micros)
    {
        Timestamp = micros;
        Present |= 1u << (int)InputField.Timestamp;
    }

    /// <param name="text">The timestamp.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="format">The source's format; null for RFC 3339 and similar forms.</param>
    /// <param name="advice">The thing to change, in the advice about one that cannot be read.</param>
    public void SetTimestamp(ReadOnlySpan<byte> text, LakeTimeZone zone, TimestampFormat? format, TimestampAdvice advice = TimestampAdvice.Option)
    {
        bool isRead = format is null
            ? TimestampText.TryParse(text, zone, out Timestamp, out TimestampError error)
            : format.TryParse(text, zone, out Timestamp, out error);
        if (isRead)
        {
            Present |= 1u << (int)InputField.Timestamp;
            return;
        }

        RejectionReason reason = error == TimestampError.OutOfRange ? RejectionReason.TimestampOutOfRange : RejectionReason.UnreadableTimestamp;
        Fail(reason, $"timestamp is {ShownText.Quoted(text)}, but {ExpectedTimestamp(error, zone, format)} is expected{(error == TimestampError.OutOfRange && format is null ? "" : TimestampLook.Describe(text, format, zone, advice))}");
    }

    private static string ExpectedTimestamp(TimestampError error, LakeTimeZone zone, TimestampFormat? format) => error switch
    {
        TimestampError.OutOfRange =>
            $"a date from 0001-01-01 to 9999-12-31 in the time zone {zone.Id}{(format is null ? "" : $", written as {format}")}",
        TimestampError.LeapSecondElsewhere => "a second up to 59 (a leap second, 60, there is only at 23:59:60 UTC)",
        TimestampError.AnotherWeekday => "a date that falls on the day of the week it names",
        _ when format is not null => $"a timestamp written as {format}",
        _ => $"a date and time such as {TimestampExample}",
    };

    public void SetInteger(InputField field, int value)
    {
        Present |= 1u << (int)field;
        Seen |= 1u << (int)field;
        if (field == InputField.CountryId)
        {
            CountryId = value;
        }
        else
        {
            UserId = value;
        }
    }

    /// <summary>Sets an id by its text.</summary>
    public void SetId(InputField field, ReadOnlySpan<byte> text)
    {
        if (TypeOf(field) == IdType.Number32)
        {
            SetInteger(field, text);
        }
        else if (Ids!.TrySet(field, text))
        {
            Present |= 1u << (int)field;
            Seen |= 1u << (int)field;
        }
        else if (TypeOf(field) == IdType.Text)
        {
            Fail(RejectionReason.TooLong, $"{InputFields.Name(field)} has {text.Length} bytes, but at most {RecordIds.TextBytesMax} are expected");
        }
        else
        {
            FailNumber(field, text, IntegerText.IsInteger(text));
        }
    }

    private void SetInteger(InputField field, ReadOnlySpan<byte> text)
    {
        if (IntegerText.TryParse(text, out int value, out bool isInteger))
        {
            SetInteger(field, value);
        }
        else
        {
            FailNumber(field, text, isInteger);
        }
    }

    private void FailNumber(InputField field, ReadOnlySpan<byte> text, bool isInteger)
    {
        if (isInteger)
        {
            Fail(RejectionReason.NumberOutOfRange, $"{InputFields.Name(field)} is {ShownText.Of(text)}, but {WholeNumber(field)} is expected{OtherType(field, text)}");
        }
        else if (IntegerText.HasLeadingZeros(text))
        {
            Fail(RejectionReason.WrongType, $"{InputFields.Name(field)} is {ShownText.Of(text)}, but {WholeNumber(field)}, without leading zeros, is expected; a lake that is created with {IdTypes.OptionOf(InputFields.Name(field))} text keeps them");
        }
        else
        {
            string? blanks = Blanks.Describe(text);
            FailType(field, blanks is null ? ShownText.Of(text) : ShownText.Quoted(text), blanks is null ? OtherType(field, text) : $"; {blanks} the number");
        }
    }

    /// <param name="field">The field.</param>
    /// <param name="shown">What it holds.</param>
    /// <param name="hint">What ends the sentence, such as what takes it.</param>
    public void FailType(InputField field, string shown, string hint = "") =>
        Fail(RejectionReason.WrongType, $"{InputFields.Name(field)} is {shown}, but {Expected(field)} is expected{hint}");

    /// <summary>Rejects a record without a timestamp or a message id.</summary>
    /// <param name="formats">The formats of timestamps that are expected; none: those that every lake reads.</param>
    public void Require(ImmutableArray<TimestampFormat?> formats = default)
    {
        if (!Has(InputField.Timestamp))
        {
            Fail(
                RejectionReason.MissingTimestamp,
                $"timestamp is {Absence(InputField.Timestamp)}, but {(formats.IsDefaultOrEmpty || formats.Contains(null) ? $"a date and time is expected, such as {TimestampExample}" : $"a timestamp written as {string.Join(" or ", formats)} is expected")}");
        }

        if (MessageId.IsEmpty)
        {
            string absence = Has(InputField.MessageId) ? "\"\"" : Absence(InputField.MessageId);
            Fail(RejectionReason.MissingMessageId, $"message_id is {absence}, but a text that is not empty is expected");
        }
    }

    /// <summary>Appends the row to every column.</summary>
    public readonly void AppendTo(MessageBatch batch)
    {
        batch.Timestamps.Append(Timestamp);
        if (Has(InputField.Value))
        {
            batch.Values.Append(Value);
        }
        else
        {
            batch.Values.AppendNull();
        }

        Append(batch.EventTypes, EventType, Has(InputField.EventType));
        if (IsUuid)
        {
            batch.MessageIds.AppendUuid(Uuid);
        }
        else
        {
            batch.MessageIds.Append(MessageId);
        }

        Append(batch.Channels, Channel, Has(InputField.Channel));
        Append(batch.CountryIds, InputField.CountryId, CountryId);
        Append(batch.UserIds, InputField.UserId, UserId);
    }

    private static void Append(NameColumn column, ReadOnlySpan<byte> name, bool present)
    {
        if (present)
        {
            column.Append(name);
        }
        else
        {
            column.AppendNull();
        }
    }

    private readonly void Append(IdColumn column, InputField field, int value)
    {
        if (!Has(field))
        {
            column.AppendNull();
        }
        else if (TypeOf(field) == IdType.Number32)
        {
            column.Append(value);
        }
        else
        {
            Ids!.AppendTo(column, field);
        }
    }

    private readonly string Absence(InputField field) => (Seen >> (int)field & 1) != 0 ? "null" : "missing";

    private readonly string WholeNumber(InputField field) => TypeOf(field) == IdType.Number64
        ? $"a whole number from {long.MinValue} to {long.MaxValue}" : $"a whole number from {int.MinValue} to {int.MaxValue}";

    /// <summary>Returns what ends a sentence about an id that is a text, or a number that is too large here: the type of a lake that takes it; empty if none does.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">The text, or the number's digits.</param>
    public readonly string OtherType(InputField field, ReadOnlySpan<byte> text)
    {
        if (field is not (InputField.UserId or InputField.CountryId) || TypeOf(field) == IdType.Text || text.Length is 0 or > RecordIds.TextBytesMax)
        {
            return "";
        }

        string option = IdTypes.OptionOf(InputFields.Name(field));
        if (IntegerText.IsInteger(text))
        {
            return field == InputField.CountryId || IntegerText.TryParse(text, out int _, out _) ? ""
                : $"; a lake that is created with {option} {(TypeOf(field) == IdType.Number32 && IntegerText.TryParse(text, out long _, out _) ? "int64" : "text")} takes it";
        }

        // A number with a fraction is a mistake, and a text of no lake.
        return Utf8Parser.TryParse(text, out double _, out int read) && read == text.Length ? "" : $"; a lake that is created with {option} text takes it";
    }

    private readonly string Expected(InputField field) => field switch
    {
        InputField.Timestamp => $"a date and time as text, such as {TimestampExample},",
        InputField.Value => "text or a number",
        InputField.MessageId => "text or a whole number",
        InputField.CountryId or InputField.UserId when TypeOf(field) == IdType.Text => "text or a whole number",
        InputField.CountryId or InputField.UserId => $"{WholeNumber(field)}, without fraction or exponent,",
        _ => "text",
    };
}
