using System.Diagnostics;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// The values that a mapping's paths lead to in one record, and the message that is made of them. Keeps scratch memory: one thread at a
/// time.
/// </summary>
/// <param name="mapping">The mapping.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="timestampFormat">The format of timestamps where the mapping gives none; null for RFC 3339 and similar forms.</param>
/// <param name="receivedAt">The time at which records were received, in microseconds since 1970.</param>
internal sealed class MappedValues(MessageMapping mapping, LakeTimeZone zone, TimestampFormat? timestampFormat, long receivedAt)
{
    private readonly PathSlots _slots = new(mapping);
    private byte[] _scratch = new byte[1024];
    private int _used;

    // The path whose value the field that was made last has; -1 if it has none, or those of several.
    private int _path = -1;

    public MessageMapping Mapping { get; } = mapping;

    /// <summary>Gets or sets the time at which records were received, in microseconds since 1970.</summary>
    public long ReceivedAt { get; set; } = receivedAt;

    /// <summary>Forgets the record before.</summary>
    public void Clear()
    {
        _slots.Clear();
        _used = 0;
    }

    /// <summary>Keeps a copy of a text, since what it points into is used again.</summary>
    /// <returns>The place of the copy.</returns>
    public MappedText Copy(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        return Keep(text.Length);
    }

    /// <summary>Returns a value's text.</summary>
    public ReadOnlySpan<byte> TextOf(MappedText text, ReadOnlySpan<byte> record) =>
        text.IsInScratch ? _scratch.AsSpan(text.Start, text.Length) : record.Slice(text.Start, text.Length);

    /// <summary>Notes what a place in the record holds, for all paths that end there.</summary>
    public void Put(PathNode place, ValueKind kind, MappedText text, ref MessageFields fields)
    {
        foreach (int slot in place.Slots)
        {
            if (!_slots.TrySet(slot, new PathSlot(kind, text)))
            {
                fields.Fail(RejectionReason.DuplicateField, $"{ShownText.Of(System.Text.Encoding.UTF8.GetBytes(place.Text))} occurs twice, but each field is expected once");
            }
        }
    }

    /// <summary>Returns whether a place of the record has a value that none of its fields took.</summary>
    public bool IsUntaken(PathNode place) => _slots.IsUntaken(place);

    /// <summary>Makes the message of the values.</summary>
    /// <param name="record">The record.</param>
    /// <param name="leftOut">Gets the values that no field took.</param>
    /// <param name="fields">The message.</param>
    public void Finish(ReadOnlySpan<byte> record, LeftOutFields leftOut, ref MessageFields fields)
    {
        fields.Seen |= (uint)Mapping.Settled;
        for (InputField field = 0; field < InputField.Unknown; field++)
        {
            if (Mapping.Fields[(int)field] is { } how && !fields.Has(field))
            {
                bool wasRejected = fields.IsRejected;
                Set(field, how, record, ref fields);
                if (fields.IsRejected && !wasRejected)
                {
                    // The path that failed, behind the field's name.
                    MappedFaults.NamePaths(field, how, _path < 0 ? how.DescribePaths() : how.From[_path].ToString(), ref fields);
                }
            }
        }

        if (!fields.IsRejected)
        {
            fields.Require(Mapping.Fields[(int)InputField.Timestamp]?.Formats ?? []);
            if (fields.IsRejected)
            {
                InputField missing = fields.Reason == RejectionReason.MissingTimestamp ? InputField.Timestamp : InputField.MessageId;
                FieldMapping? how = Mapping.Fields[(int)missing];
                if (how is not null && HasEmpty(how, Mapping.FirstSlots[(int)missing]))
                {
                    fields.Detail = fields.Detail!.Replace(" is null,", " is \"\",", StringComparison.Ordinal);
                }

                MappedFaults.NamePaths(missing, how, how?.DescribePaths(), ref fields);
            }
        }

        if (!_slots.HasUntaken)
        {
            return;
        }

        foreach (PathNode place in Mapping.Choices)
        {
            if (IsUntaken(place) && !IsReadWithin(place, record))
            {
                leftOut.See(place.Utf8);
            }
        }
    }

    // What is in such a value was noted where it was read.
    private bool IsReadWithin(PathNode place, ReadOnlySpan<byte> record) =>
        place.HasChildren && _slots[place.Slots[0]] is var slot && (slot.Kind == ValueKind.Other || (slot.Kind == ValueKind.Text && MappedObject.IsJsonWithin(TextOf(slot.Text, record))));

    private bool HasEmpty(FieldMapping how, int first) =>
        Enumerable.Range(first, how.From.Length).Any(slot => _slots[slot] is { Kind: ValueKind.Text, Text.Length: 0 });

    private void Set(InputField field, FieldMapping how, ReadOnlySpan<byte> record, ref MessageFields fields)
    {
        int first = Mapping.FirstSlots[(int)field];
        if (how.IsJoined ? !TryJoin(how, first, record, PathSlots.SkipsEmpty(field), out PathSlot value) : !TryFirst(how, first, PathSlots.SkipsEmpty(field), out value))
        {
            if (value.Kind != ValueKind.Absent)
            {
                fields.Seen |= 1u << (int)field;
            }

            SetOtherwise(field, how, ref fields);
            return;
        }

        Set(field, how, value.Kind, TextOf(value.Text, record), ref fields);
    }

    /// <summary>Reads a count since 1970.</summary>
    public bool TryFromCount(long count, TimestampFormat format, out long micros) => format.TryFromCount(count, zone, out micros, out _);

    /// <summary>Makes a field of its value.</summary>
    public void Set(InputField field, FieldMapping how, ValueKind kind, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        fields.Seen |= 1u << (int)field;

        // Tables and forms have no other null.
        if (text.IsEmpty && field is (InputField.Timestamp or InputField.CountryId or InputField.UserId or InputField.MessageId))
        {
            SetOtherwise(field, how, ref fields);
            return;
        }

        if (kind is ValueKind.Other || (kind == ValueKind.Truth && how.Map is null))
        {
            MappedFaults.FailKind(field, how, text, ref fields);
            return;
        }

        if (how.Case != TextCase.Kept)
        {
            text = WithCase(text, how.Case);
        }

        if (how.Map is { } map)
        {
            if (map.TryFind(text, out byte[]? mapped))
            {
                if (mapped is null)
                {
                    return;
                }

                text = mapped;
                kind = ValueKind.Text;
            }
            else if (map.Others == UnmappedValue.Null)
            {
                return;
            }
            else if (map.Others == UnmappedValue.Rejected && !text.IsEmpty)
            {
                fields.Fail(RejectionReason.WrongType, $"{InputFields.Name(field)} is {ShownText.Quoted(text)}, which its map does not have; it has {ShownText.Of(System.Text.Encoding.UTF8.GetBytes(string.Join(", ", map.Names.Take(20).Select(static name => name.Length == 0 ? "\"\"" : name))))}");
                return;
            }
        }

        SetText(field, how, kind, field is InputField.CountryId or InputField.UserId || (field == InputField.MessageId && kind is ValueKind.Number or ValueKind.Real) ? WholeOf(text) : text, ref fields);
    }

    private void SetText(InputField field, FieldMapping how, ValueKind kind, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        switch (field)
        {
            case InputField.Timestamp:
                SetTimestamp(how, kind, text, ref fields);
                break;
            case InputField.CountryId or InputField.UserId when fields.TypeOf(field) != IdType.Text || kind is not (ValueKind.Number or ValueKind.Real) || IntegerText.IsInteger(text):
                fields.SetId(field, text);
                break;
            case InputField.MessageId or InputField.CountryId or InputField.UserId when kind is ValueKind.Number or ValueKind.Real && !IntegerText.IsInteger(text):
                fields.FailType(field, ShownText.Of(text));
                break;
            default:
                fields.SetText(field, text);
                break;
        }
    }

    private void SetTimestamp(FieldMapping how, ValueKind kind, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        if (kind == ValueKind.Instant)
        {
            SetInstant(text, ref fields);
            return;
        }

        bool isNumber = kind is ValueKind.Number or ValueKind.Real;
        for (int i = 0; i < how.Formats.Length && how.Formats.Length > 1; i++)
        {
            if ((!isNumber || how.Formats[i] is not null)
                && (how.Formats[i] is { } format ? format.TryParse(text, zone, out long micros, out _) : TimestampText.TryParse(text, zone, out micros, out _)))
            {
                fields.SetTimestamp(micros);
                return;
            }
        }

        if (how.Formats.Length > 1)
        {
            MappedFaults.FailFormats(how, isNumber, text, zone, ref fields);
            return;
        }

        TimestampFormat? last = how.Formats.IsEmpty ? timestampFormat : how.Formats[^1];
        if (isNumber && last is null)
        {
            fields.FailType(InputField.Timestamp, ShownText.Of(text), TimestampLook.Describe(text, null, zone, TimestampAdvice.Mapping));
        }
        else
        {
            fields.SetTimestamp(text, zone, last, TimestampAdvice.Mapping);
        }
    }

    // Its column says what it is, whatever the format.
    private void SetInstant(ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        if (TimestampText.TryParse(text, zone, out long micros, out _) || MessageMapping.StoredDate.TryParse(text, zone, out micros, out _))
        {
            fields.SetTimestamp(micros);
        }
        else
        {
            FieldFault fault = FieldText.TimestampOutOfRange(System.Text.Encoding.UTF8.GetString(text), zone);
            fields.Fail(fault.Reason, fault.Detail);
        }
    }

    // 7.0 and 7.00 are 7.
    private static ReadOnlySpan<byte> WholeOf(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'.') is > 0 and var point && !text[(point + 1)..].ContainsAnyExcept((byte)'0') ? text[..point] : text;

    private void SetOtherwise(InputField field, FieldMapping how, ref MessageFields fields)
    {
        if (how.IsReceipt)
        {
            fields.SetTimestamp(ReceivedAt);
        }
        else if (field == InputField.Timestamp && how.Otherwise is not null && TimestampText.TryParse(how.OtherwiseUtf8, zone, out long micros, out _))
        {
            fields.SetTimestamp(micros);
        }
        else if (how.Otherwise is not null)
        {
            SetText(field, how, ValueKind.Text, how.OtherwiseUtf8, ref fields);
        }
    }

    private bool TryFirst(FieldMapping how, int first, bool skipsEmpty, out PathSlot value)
    {
        value = default;
        _path = -1;
        for (int i = 0; i < how.From.Length; i++)
        {
            int at = _slots.Of(first + i, skipsEmpty);
            PathSlot slot = _slots[at];
            if (!PathSlots.IsNothing(slot, skipsEmpty))
            {
                _slots.Take(at);
                _path = i;
                value = slot;
                return true;
            }

            value = slot.Kind == ValueKind.Absent ? value : slot;
        }

        return false;
    }

    // All of them, or none: half an id is another id.
    private bool TryJoin(FieldMapping how, int first, ReadOnlySpan<byte> record, bool skipsEmpty, out PathSlot value)
    {
        value = default;
        _path = -1;
        int length = how.SeparatorUtf8.Length * (how.From.Length - 1);
        for (int i = 0; i < how.From.Length; i++)
        {
            PathSlot part = _slots[_slots.Of(first + i, skipsEmpty)];
            if (PathSlots.IsNothing(part, skipsEmpty))
            {
                value = part.Kind == ValueKind.Absent ? value : part;
                return false;
            }

            if (part.Kind == ValueKind.Other)
            {
                value = part;
                return true;
            }

            length += part.Text.Length;
        }

        Span<byte> room = Room(length);
        int at = 0;
        for (int i = 0; i < how.From.Length; i++)
        {
            if (i > 0)
            {
                how.SeparatorUtf8.CopyTo(room[at..]);
                at += how.SeparatorUtf8.Length;
            }

            int slot = _slots.Of(first + i, skipsEmpty);
            _slots.Take(slot);
            ReadOnlySpan<byte> part = TextOf(_slots[slot].Text, record);
            part.CopyTo(room[at..]);
            at += part.Length;
        }

        Debug.Assert(at == length, "the parts are as long as they were counted");
        value = new PathSlot(ValueKind.Text, Keep(length));
        return true;
    }

    // Space for text that is put together; Keep keeps what was written to it.
    private Span<byte> Room(int bytes)
    {
        if (_scratch.Length - _used < bytes)
        {
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _used + bytes));
        }

        return _scratch.AsSpan(_used, bytes);
    }

    private MappedText Keep(int bytes)
    {
        int start = _used;
        _used += bytes;
        return new MappedText(start, bytes, IsInScratch: true);
    }

    private ReadOnlySpan<byte> WithCase(ReadOnlySpan<byte> text, TextCase textCase)
    {
        MappedText copy = Copy(text);
        Span<byte> letters = _scratch.AsSpan(copy.Start, copy.Length);
        byte from = textCase == TextCase.Upper ? (byte)'a' : (byte)'A';
        foreach (ref byte letter in letters)
        {
            letter ^= (uint)(letter - from) < 26 ? (byte)0x20 : (byte)0;
        }

        return letters;
    }
}
