using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Reads a line as programs write messages: a flat object with its fields in any order, no escapes, at most one blank
/// after a colon or a comma. Everything else, wrong input included, is declined and left to
/// <see cref="JsonLine"/>.
/// </summary>
/// <remarks>
/// It needs no search for the line's end: a string that holds a line feed, as any control character, is declined, so
/// a line that is taken has ended where it says.
/// </remarks>
internal static class JsonFastPath
{
    /// <summary>
    /// The bytes of a name, its quotes and colon, and a UUID or a timestamp with its quotes: 12 + 3 + 38, rounded up. A field that starts this far
    /// before the block's end is read without further checks up to its string's first 16 bytes; one behind that is declined.
    /// </summary>
    internal const int FieldBytesMax = 64;

    private const ulong Timestam = 't' | (ulong)'i' << 8 | (ulong)'m' << 16 | (ulong)'e' << 24
        | (ulong)'s' << 32 | (ulong)'t' << 40 | (ulong)'a' << 48 | (ulong)'m' << 56;

    private const ulong EventTy = 'e' | (ulong)'v' << 8 | (ulong)'e' << 16 | (ulong)'n' << 24
        | (ulong)'t' << 32 | (ulong)'_' << 40 | (ulong)'t' << 48 | (ulong)'y' << 56;

    private const ulong Message = 'm' | (ulong)'e' << 8 | (ulong)'s' << 16 | (ulong)'s' << 24
        | (ulong)'a' << 32 | (ulong)'g' << 40 | (ulong)'e' << 48 | (ulong)'_' << 56;

    private const ulong Channel = 'c' | (ulong)'h' << 8 | (ulong)'a' << 16 | (ulong)'n' << 24
        | (ulong)'n' << 32 | (ulong)'e' << 40 | (ulong)'l' << 48 | (ulong)'"' << 56;

    private const ulong Country = 'c' | (ulong)'o' << 8 | (ulong)'u' << 16 | (ulong)'n' << 24
        | (ulong)'t' << 32 | (ulong)'r' << 40 | (ulong)'y' << 48 | (ulong)'_' << 56;

    private const ulong UserId = 'u' | (ulong)'s' << 8 | (ulong)'e' << 16 | (ulong)'r' << 24
        | (ulong)'_' << 32 | (ulong)'i' << 40 | (ulong)'d' << 48 | (ulong)'"' << 56;

    private const ulong Value = 'v' | (ulong)'a' << 8 | (ulong)'l' << 16 | (ulong)'u' << 24
        | (ulong)'e' << 32 | (ulong)'"' << 40;

    private const ulong ValueMask = 0x0000_FFFF_FFFF_FFFF;
    private const uint PQuote = 'p' | '"' << 8;
    private const uint PeQuote = 'p' | 'e' << 8 | '"' << 16;
    private const uint IdQuote = 'i' | 'd' << 8 | '"' << 16;
    private const uint Null = 'n' | 'u' << 8 | 'l' << 16 | (uint)'l' << 24;

    /// <summary>Reads the line that starts at a byte of a block of valid UTF-8.</summary>
    /// <param name="block">Lines; the last may lack its end.</param>
    /// <param name="start">Where the line starts.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="fields">The message, if the line is taken; else undefined.</param>
    /// <param name="leftOut">Gets the fields that no column takes.</param>
    /// <param name="next">Where the next line starts.</param>
    /// <returns>Whether the line is taken.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> block, int start, LakeTimeZone zone, scoped ref MessageFields fields, LeftOutFields leftOut, out int next)
    {
        next = start;
        int limit = block.Length - FieldBytesMax;
        if (start > limit || !BitConverter.IsLittleEndian)
        {
            return false;
        }

        ref byte first = ref MemoryMarshal.GetReference(block);
        int at = start;
        if (Unsafe.Add(ref first, at++) != '{')
        {
            return false;
        }

        while (at <= limit)
        {
            at += Unsafe.Add(ref first, at) == ' ' ? 1 : 0;
            if (Unsafe.Add(ref first, at) != '"')
            {
                return false;
            }

            InputField field = Name(ref Unsafe.Add(ref first, at + 1), out int length);
            at = field == InputField.Unknown
                ? PassUnknown(block, at + 1, leftOut)
                : Field(block, at + length + 2, field, zone, ref fields);

            // A text may have ended the block; past it there is nothing to look at.
            if (at < 0 || at >= block.Length)
            {
                return false;
            }

            byte end = Unsafe.Add(ref first, at++);
            if (end == '}')
            {
                return fields.Has(InputField.Timestamp) && !fields.MessageId.IsEmpty && TryEnd(block, at, out next);
            }

            if (end != ',')
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Reads a known field from its colon on.</summary>
    /// <returns>Where it ends, -1 if it is declined; so do all that follow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Field(
        ReadOnlySpan<byte> block, int at, InputField field, LakeTimeZone zone, scoped ref MessageFields fields)
    {
        ref byte first = ref MemoryMarshal.GetReference(block);
        uint bit = 1u << (int)field;
        if ((fields.Seen & bit) != 0 || Unsafe.Add(ref first, at++) != ':')
        {
            return -1;
        }

        fields.Seen |= bit;
        at += Unsafe.Add(ref first, at) == ' ' ? 1 : 0;
        if (field >= InputField.CountryId)
        {
            return fields.Ids is null ? Integer(ref first, at, field, ref fields) : Id(block, at, field, ref fields);
        }

        if (Unsafe.Add(ref first, at) == '"')
        {
            return Text(block, at + 1, field, zone, ref fields);
        }

        return field == InputField.Value ? Number(block, at, ref fields) : PassNull(ref first, at);
    }

    /// <summary>Passes a field that no message has, from behind its name's quotation mark on.</summary>
    private static int PassUnknown(ReadOnlySpan<byte> block, int at, LeftOutFields leftOut)
    {
        int name = at;
        ref byte first = ref MemoryMarshal.GetReference(block);
        at = StringEnd(ref first, at, block.Length);

        // The name may be long: the value's bytes are to lie within the block again.
        if (at < 0 || at > block.Length - FieldBytesMax || block[at + 1] != ':')
        {
            return -1;
        }

        int nameEnd = at;
        at += block[at + 2] == ' ' ? 3 : 2;
        if (leftOut.NotesPlaces)
        {
            at = UsualJson.Pass(block, at);
            leftOut.NotePlace(name - 1, at);
            return at;
        }

        switch (block[at])
        {
            case (byte)'n':
                return PassNull(ref first, at);
            case (byte)'{':
                leftOut.StartPath(default, block[name..nameEnd]);
                return UsualJson.Pass(block, at, leftOut);
            default:
                leftOut.See(block[name..nameEnd]);
                return UsualJson.Pass(block, at);
        }
    }

    /// <summary>Passes the end of a line.</summary>
    /// <param name="block">The lines.</param>
    /// <param name="at">Where it is expected.</param>
    /// <param name="next">Where the next line starts.</param>
    internal static bool TryEnd(ReadOnlySpan<byte> block, int at, out int next)
    {
        if (at < block.Length && block[at] == '\r')
        {
            at++;
        }

        next = at + 1;
        if (at >= block.Length)
        {
            next = block.Length;
            return true;
        }

        return block[at] == '\n';
    }

    /// <summary>Knows a field by its name and closing quotation mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static InputField Name(ref byte name, out int length)
    {
        ulong head = Unsafe.ReadUnaligned<ulong>(ref name);
        uint tail = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref name, 8)) & 0xFF_FFFF;
        switch (head)
        {
            case Timestam:
                length = 9;
                return (ushort)tail == PQuote ? InputField.Timestamp : InputField.Unknown;
            case EventTy:
                length = 10;
                return tail == PeQuote ? InputField.EventType : InputField.Unknown;
            case Message:
                length = 10;
                return tail == IdQuote ? InputField.MessageId : InputField.Unknown;
            case Channel:
                length = 7;
                return InputField.Channel;
            case Country:
                length = 10;
                return tail == IdQuote ? InputField.CountryId : InputField.Unknown;
            case UserId:
                length = 7;
                return InputField.UserId;
            default:
                length = 5;
                return (head & ValueMask) == Value ? InputField.Value : InputField.Unknown;
        }
    }

    private static int Text(
        ReadOnlySpan<byte> block, int at, InputField field, LakeTimeZone zone, scoped ref MessageFields fields)
    {
        ref byte first = ref MemoryMarshal.GetReference(block);
        if (field == InputField.MessageId && Unsafe.Add(ref first, at + UuidText.Length) == '"'
            && UuidText.TryParse(block.Slice(at, UuidText.Length), out fields.Uuid))
        {
            fields.IsUuid = true;
            fields.SetText(field, block.Slice(at, UuidText.Length));
            return at + UuidText.Length + 1;
        }

        int end = StringEnd(ref first, at, block.Length);
        if (end < 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> text = block[at..end];
        if (field != InputField.Timestamp)
        {
            fields.SetText(field, text);
            return end + 1;
        }

        if (!TimestampText.TryParse(text, zone, out fields.Timestamp, out _))
        {
            return -1;
        }

        fields.Present |= 1u << (int)InputField.Timestamp;
        return end + 1;
    }

    /// <summary>Returns the index of the first quotation mark, or -1 if an escape or a control character is before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int StringEnd(ref byte first, int at, int length)
    {
        for (; at <= length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            uint mask = TextStops(Vector128.LoadUnsafe(ref first, (uint)at));
            if (mask != 0)
            {
                at += BitOperations.TrailingZeroCount(mask);
                return Unsafe.Add(ref first, at) == '"' ? at : -1;
            }
        }

        return -1;
    }

    /// <summary>Returns the bytes that end a text or are not text as it is, one bit each: quotation marks, backslashes, control characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint TextStops(Vector128<byte> bytes) =>
        (Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes)).ExtractMostSignificantBits();

    /// <summary>Reads an int32 that is followed by a comma or a brace; its 11 bytes lie within the field's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Integer(ref byte first, int at, InputField field, scoped ref MessageFields fields)
    {
        bool negative = Unsafe.Add(ref first, at) == '-';
        at += negative ? 1 : 0;
        int start = at;
        long magnitude = 0;
        uint digit;
        while ((digit = (uint)Unsafe.Add(ref first, at) - '0') <= 9 && at - start < 11)
        {
            magnitude = (magnitude * 10) + digit;
            at++;
        }

        long number = negative ? -magnitude : magnitude;
        if (at == start)
        {
            return negative ? -1 : PassNull(ref first, at);
        }

        if (number != (int)number || at - start > 10 || (Unsafe.Add(ref first, start) == '0' && at - start > 1))
        {
            return -1;
        }

        fields.Present |= 1u << (int)field;
        if (field == InputField.CountryId)
        {
            fields.CountryId = (int)number;
        }
        else
        {
            fields.UserId = (int)number;
        }

        return at;
    }

    /// <summary>Reads an id of a lake where some are not numbers of 32 bits.</summary>
    private static int Id(ReadOnlySpan<byte> block, int at, InputField field, scoped ref MessageFields fields)
    {
        ref byte first = ref MemoryMarshal.GetReference(block);
        if (fields.TypeOf(field) == IdType.Number32)
        {
            return Integer(ref first, at, field, ref fields);
        }

        bool isText = block[at] == '"';
        if (!isText && block[at] == 'n')
        {
            return PassNull(ref first, at);
        }

        int start = isText ? at + 1 : at;
        int end = isText ? StringEnd(ref first, start, block.Length) : WholeNumberEnd(block, at);
        if (end < 0 || !fields.Ids!.TrySet(field, block[start..end]))
        {
            return -1;
        }

        fields.Present |= 1u << (int)field;
        return isText ? end + 1 : end;
    }

    /// <summary>Keeps the text of a whole number that is not long; a null has none.</summary>
    private static int Number(ReadOnlySpan<byte> block, int at, scoped ref MessageFields fields)
    {
        if (block[at] == 'n')
        {
            return PassNull(ref MemoryMarshal.GetReference(block), at);
        }

        int end = WholeNumberEnd(block, at);
        if (end > 0)
        {
            fields.SetText(InputField.Value, block[at..end]);
        }

        return end;
    }

    /// <summary>Returns the index at which a whole number ends, -1 if there is none. What follows must be a comma or a brace: the
    /// caller sees to it.</summary>
    private static int WholeNumberEnd(ReadOnlySpan<byte> block, int at)
    {
        const int DigitsMax = 18;
        at += block[at] == '-' ? 1 : 0;
        int digits = at;
        while (at - digits < DigitsMax && block[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at == digits || (block[digits] == '0' && at - digits > 1) ? -1 : at;
    }

    private static int PassNull(ref byte first, int at) =>
        Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at)) == Null ? at + 4 : -1;
}
