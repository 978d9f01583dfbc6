using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Passes tokens of JSON as programs write them: texts without escapes, numbers without exponents, at most one blank behind a colon or a
/// comma. Each method returns the index behind what it passed, or -1 if it is something else.
/// </summary>
internal static class UsualJson
{
    // Deeper values are for the other reader, which knows what is too deep.
    private const int DepthMax = 32;

    /// <summary>Passes a value.</summary>
    /// <param name="record">The record.</param>
    /// <param name="at">Where the value starts.</param>
    /// <param name="leftOut">Gets the path of each value in it that is not null, where arrays are one value, behind the path that was started; null: nobody asks.</param>
    /// <param name="depth">How deep it is in others.</param>
    public static int Pass(ReadOnlySpan<byte> record, int at, LeftOutFields? leftOut = null, int depth = 0)
    {
        if (at >= record.Length || depth == DepthMax)
        {
            return -1;
        }

        bool isArray = record[at] == '[';
        if (leftOut is not null && record[at] != '{')
        {
            if (record[at] != 'n')
            {
                leftOut.SeePath();
            }

            leftOut = null;
        }

        if (!isArray && record[at] != '{')
        {
            return Scalar(record, at, out _, out _);
        }

        byte close = isArray ? (byte)']' : (byte)'}';
        if (++at < record.Length && record[at] == close)
        {
            leftOut?.SeePath();
            return at + 1;
        }

        while (true)
        {
            int length = 0;
            if (!isArray)
            {
                int nameStart = at + 1;
                at = NameEnd(record, at, out int nameEnd);
                if (at >= 0 && leftOut is not null)
                {
                    length = leftOut.AddToPath(record[nameStart..nameEnd]);
                }
            }

            at = at < 0 ? -1 : Pass(record, at, leftOut, depth + 1);
            leftOut?.CutPath(length);

            if (IsLast(record, ref at, close))
            {
                return at;
            }
        }
    }

    /// <summary>Passes what follows a value.</summary>
    /// <param name="record">The record.</param>
    /// <param name="at">The index behind the value; ends behind the comma, or behind the bracket, or is -1.</param>
    /// <param name="close">The bracket that may follow.</param>
    /// <returns>Whether the bracket or a fault follows.</returns>
    public static bool IsLast(ReadOnlySpan<byte> record, ref int at, byte close)
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

    /// <summary>Passes a name, its colon and a blank.</summary>
    public static int NameEnd(ReadOnlySpan<byte> record, int at, out int end)
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

    /// <summary>Passes a text, a number, a truth value or null.</summary>
    public static int Scalar(ReadOnlySpan<byte> record, int at, out ValueKind kind, out long? integer)
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

    /// <summary>Returns the index of the first quotation mark, or -1 if an escape or a control character is before it.</summary>
    public static int TextEnd(ReadOnlySpan<byte> record, int at)
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

    /// <summary>Passes a whole number of at most 18 digits. What follows must be a comma or a bracket: the caller sees to it.</summary>
    public static int IntegerEnd(ReadOnlySpan<byte> record, int at, out long number)
    {
        const int DigitsMax = 18;
        number = 0;
        bool isNegative = at < record.Length && record[at] == '-';
        at += isNegative ? 1 : 0;
        int whole = at;
        while (at + sizeof(ulong) <= record.Length && TryEightDigits(BinaryPrimitives.ReadUInt64LittleEndian(record[at..]), out uint eight))
        {
            number = (number * 100_000_000) + eight;
            at += sizeof(ulong);
        }

        uint digit;
        while (at < record.Length && (digit = (uint)record[at] - '0') <= 9)
        {
            // Of more digits it is wrong, and not asked for.
            number = (number * 10) + digit;
            at++;
        }

        number = isNegative ? -number : number;
        return at == whole || at - whole > DigitsMax || (record[whole] == '0' && at - whole > 1) ? -1 : at;
    }

    // What follows must be a comma or a bracket: the caller sees to it.
    private static int NumberEnd(ReadOnlySpan<byte> record, int at, out long? integer)
    {
        integer = null;
        int whole = IntegerEnd(record, at, out long number);
        if (whole > 0 && (whole == record.Length || record[whole] != '.'))
        {
            integer = number;
            return whole;
        }

        at += record[at] == '-' ? 1 : 0;
        int first = at;
        at = DigitsEnd(record, at);
        if (at == first || (record[first] == '0' && at - first > 1))
        {
            return -1;
        }

        if (at == record.Length || record[at] != '.')
        {
            return at;
        }

        // A number with an exponent is rare.
        int end = DigitsEnd(record, at + 1);
        return end == at + 1 ? -1 : end;
    }

    // Times have 13 or 16 digits, and one after the other each would wait for the multiplication before. The first is in the lowest byte.
    private static bool TryEightDigits(ulong text, out uint number)
    {
        const ulong Zeros = 0x3030_3030_3030_3030;
        ulong digits = text - Zeros;
        if ((((text + 0x4646_4646_4646_4646) | digits) & 0x8080_8080_8080_8080) != 0)
        {
            number = 0;
            return false;
        }

        digits = (digits * 10) + (digits >> 8);
        number = (uint)((((digits & 0x0000_00FF_0000_00FF) * (100 + (1_000_000UL << 32))) + (((digits >> 16) & 0x0000_00FF_0000_00FF) * (1 + (10_000UL << 32)))) >> 32);
        return true;
    }

    private static int DigitsEnd(ReadOnlySpan<byte> record, int at)
    {
        while (at < record.Length && record[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at;
    }
}
