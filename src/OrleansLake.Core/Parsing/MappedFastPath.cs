using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansLake.Core.Mapping;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Reads a record along the paths of a mapping as programs write records: no escapes, at most one blank after a colon or a comma. Everything
/// else, wrong input and what the mapping rejects included, is declined and left to <see cref="JsonLine"/>.
/// </summary>
/// <remarks>As <see cref="JsonFastPath"/>, it needs no search for the line's end.</remarks>
/// <param name="values">Gets the values.</param>
/// <param name="leftOut">Gets the values to which no path leads.</param>
internal sealed class MappedFastPath(MappedValues values, LeftOutFields leftOut)
{
    // Deeper records are for the other reader, which knows what is too deep.
    private const int DepthMax = 32;

    // Programs write names in one order: by place, what came first in it and what came behind it in the record before.
    private readonly PathNode?[] _first = new PathNode?[values.Mapping.Places];
    private readonly PathNode?[] _after = new PathNode?[values.Mapping.Places];

    /// <summary>Reads the record that starts at a byte of a block of valid UTF-8.</summary>
    /// <param name="block">Lines; the last may lack its end.</param>
    /// <param name="start">Where the record starts.</param>
    /// <param name="fields">The message, if the record is taken; else undefined.</param>
    /// <param name="next">Where the next line starts.</param>
    /// <returns>Whether the record is taken.</returns>
    public bool TryParse(ReadOnlySpan<byte> block, int start, ref MessageFields fields, out int next)
    {
        next = start;
        ReadOnlySpan<byte> record = block[start..];
        if (record is not [(byte)'{', ..])
        {
            return false;
        }

        values.Clear();
        int end = Walk(record, 0, values.Mapping.Root, ref fields);
        if (end < 0 || !JsonFastPath.TryEnd(block, start + end, out next))
        {
            return false;
        }

        values.Finish(record[..end], ref fields);
        return !fields.IsRejected;
    }

    // This and all that follow return the index behind what they read, or -1 if it is declined.
    private int Walk(ReadOnlySpan<byte> record, int at, PathNode place, ref MessageFields fields)
    {
        bool isArray = record[at++] == '[';
        byte close = isArray ? (byte)']' : (byte)'}';
        if (at < record.Length && record[at] == close)
        {
            return at + 1;
        }

        PathNode? last = null;
        for (int index = 0; ; index++)
        {
            PathNode? next = null;
            ReadOnlySpan<byte> name = default;
            if (isArray)
            {
                next = place.Find(index);
            }
            else if ((last is null ? _first[place.Id] : _after[last.Id]) is { Token.Length: > 0 } expected && at < record.Length && record[at..].StartsWith(expected.Token))
            {
                next = last = expected;
                at += expected.Token.Length;
                at += at < record.Length && record[at] == ' ' ? 1 : 0;
            }
            else
            {
                int nameStart = at + 1;
                at = NameEnd(record, at, out int nameEnd);
                if (at < 0)
                {
                    return -1;
                }

                name = record[nameStart..nameEnd];
                if (place.Find(name) is { } found)
                {
                    (last is null ? ref _first[place.Id] : ref _after[last.Id]) = found;
                    next = last = found;
                }
            }

            at = next is null ? PassUnknown(record, at, place, name) : Take(record, at, next, ref fields);
            if (IsLast(record, ref at, close))
            {
                return at;
            }
        }
    }

    // A value to which a path leads.
    private int Take(ReadOnlySpan<byte> record, int at, PathNode place, ref MessageFields fields)
    {
        int start = at;
        if (at < record.Length && record[at] is (byte)'{' or (byte)'[')
        {
            at = place.HasChildren ? Walk(record, at, place, ref fields) : Pass(record, at, 0, isNoted: false);
            return at < 0 || !TryTake(place, ValueKind.Other, record, start, at, ref fields) ? -1 : at;
        }

        at = Scalar(record, at, out ValueKind kind, out int? integer);
        if (at < 0)
        {
            return -1;
        }

        if (place.HasChildren)
        {
            if (kind == ValueKind.Text)
            {
                // Paths may lead into it.
                return -1;
            }

            if (kind != ValueKind.Null && place.Slots.Count == 0)
            {
                leftOut.See(place.Utf8);
            }
        }

        if (integer is { } number && place is { Field: (int)InputField.CountryId or (int)InputField.UserId } && (fields.Seen >> place.Field & 1) == 0 && values.Mapping.Fields[place.Field]!.IsAsItIs)
        {
            fields.SetInteger((InputField)place.Field, number);
            return at;
        }

        bool isTaken = kind == ValueKind.Text ? TryTake(place, kind, record, start + 1, at - 1, ref fields) : TryTake(place, kind, record, start, at, ref fields);
        return isTaken ? at : -1;
    }

    private bool TryTake(PathNode place, ValueKind kind, ReadOnlySpan<byte> record, int start, int end, ref MessageFields fields)
    {
        if (place.Field < 0)
        {
            if (place.Slots.Count > 0)
            {
                values.Put(place, kind, kind == ValueKind.Null ? default : new MappedText(start, end - start, IsInScratch: false), ref fields);
            }

            return !fields.IsRejected;
        }

        var field = (InputField)place.Field;
        if ((fields.Seen >> (int)field & 1) != 0)
        {
            return false;
        }

        if (kind == ValueKind.Null)
        {
            fields.Seen |= 1u << (int)field;
        }
        else
        {
            values.Set(field, values.Mapping.Fields[place.Field]!, kind, record[start..end], ref fields);
        }

        return !fields.IsRejected;
    }

    private int PassUnknown(ReadOnlySpan<byte> record, int at, PathNode place, ReadOnlySpan<byte> name)
    {
        if (at < record.Length && record[at] == 'n')
        {
            return Scalar(record, at, out _, out _);
        }

        if (place.Utf8.Length == 0 && (at >= record.Length || record[at] != '{'))
        {
            leftOut.See(name);
            return Pass(record, at, 0, isNoted: false);
        }

        leftOut.StartPath(place.Utf8, name);
        return Pass(record, at, 0, isNoted: true);
    }

    // A value to which no path leads. What is noted is the path of each value in it that is not null; arrays are one value.
    private int Pass(ReadOnlySpan<byte> record, int at, int depth, bool isNoted)
    {
        if (at >= record.Length || depth == DepthMax)
        {
            return -1;
        }

        bool isArray = record[at] == '[';
        if (isNoted && record[at] != '{')
        {
            if (record[at] != 'n')
            {
                leftOut.SeePath();
            }

            isNoted = false;
        }

        if (!isArray && record[at] != '{')
        {
            return Scalar(record, at, out _, out _);
        }

        byte close = isArray ? (byte)']' : (byte)'}';
        if (++at < record.Length && record[at] == close)
        {
            if (isNoted)
            {
                leftOut.SeePath();
            }

            return at + 1;
        }

        while (true)
        {
            int length = 0;
            if (!isArray)
            {
                int nameStart = at + 1;
                at = NameEnd(record, at, out int nameEnd);
                if (at >= 0 && isNoted)
                {
                    length = leftOut.AddToPath(record[nameStart..nameEnd]);
                }
            }

            at = at < 0 ? -1 : Pass(record, at, depth + 1, isNoted);
            if (isNoted)
            {
                leftOut.CutPath(length);
            }

            if (IsLast(record, ref at, close))
            {
                return at;
            }
        }
    }

    // Behind a value: behind the comma, or behind the end or the fault.
    private static bool IsLast(ReadOnlySpan<byte> record, ref int at, byte close)
    {
        if ((uint)at >= (uint)record.Length || record[at] != ',')
        {
            at = (uint)at < (uint)record.Length && record[at] == close ? at + 1 : -1;
            return true;
        }

        at++;
        at += at < record.Length && record[at] == ' ' ? 1 : 0;
        return false;
    }

    // Behind a name's colon and a blank.
    private static int NameEnd(ReadOnlySpan<byte> record, int at, out int end)
    {
        end = -1;
        if (at >= record.Length || record[at] != '"')
        {
            return -1;
        }

        end = TextEnd(record, at + 1);
        if (end < 0 || end + 2 >= record.Length || record[end + 1] != ':')
        {
            return -1;
        }

        return end + 2 + (record[end + 2] == ' ' ? 1 : 0);
    }

    private static int Scalar(ReadOnlySpan<byte> record, int at, out ValueKind kind, out int? integer)
    {
        integer = null;
        kind = ValueKind.Absent;
        if (at >= record.Length)
        {
            return -1;
        }

        switch (record[at])
        {
            case (byte)'"':
                kind = ValueKind.Text;
                int end = TextEnd(record, at + 1);
                return end < 0 ? -1 : end + 1;
            case (byte)'t':
                kind = ValueKind.Truth;
                return record[at..].StartsWith("true"u8) ? at + 4 : -1;
            case (byte)'f':
                kind = ValueKind.Truth;
                return record[at..].StartsWith("false"u8) ? at + 5 : -1;
            case (byte)'n':
                kind = ValueKind.Null;
                return record[at..].StartsWith("null"u8) ? at + 4 : -1;
            default:
                kind = ValueKind.Number;
                return NumberEnd(record, at, out integer);
        }
    }

    // The index of the first quotation mark, or -1 if an escape or a control character is before it.
    private static int TextEnd(ReadOnlySpan<byte> record, int at)
    {
        ref byte first = ref MemoryMarshal.GetReference(record);
        for (; at <= record.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            uint mask = JsonFastPath.TextStops(Vector128.LoadUnsafe(ref first, (uint)at));
            if (mask != 0)
            {
                at += BitOperations.TrailingZeroCount(mask);
                return record[at] == '"' ? at : -1;
            }
        }

        for (; at < record.Length; at++)
        {
            if (record[at] is (byte)'"' or (byte)'\\' or < 0x20)
            {
                return record[at] == '"' ? at : -1;
            }
        }

        return -1;
    }

    // What follows must be a comma or a bracket: the caller sees to it.
    private static int NumberEnd(ReadOnlySpan<byte> record, int at, out int? integer)
    {
        integer = null;
        bool isNegative = record[at] == '-';
        at += isNegative ? 1 : 0;
        int whole = at;
        long magnitude = 0;
        for (; at < record.Length && record[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            // Of more digits it is wrong, and not asked for.
            magnitude = (magnitude * 10) + (record[at] - '0');
        }

        if (at == whole || (record[whole] == '0' && at - whole > 1))
        {
            return -1;
        }

        long number = isNegative ? -magnitude : magnitude;
        if (at >= record.Length || record[at] != '.')
        {
            integer = at - whole <= 10 && number == (int)number ? (int)number : null;
            return at;
        }

        int fraction = ++at;
        while (at < record.Length && record[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        // A number with an exponent is rare.
        return at == fraction ? -1 : at;
    }
}
