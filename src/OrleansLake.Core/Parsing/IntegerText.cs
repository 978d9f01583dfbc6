namespace OrleansLake.Core.Parsing;

/// <summary>Whole numbers as JSON writes them: <c>-?(0|[1-9][0-9]*)</c>. No plus sign, no leading zero.</summary>
internal static class IntegerText
{
    /// <summary>Returns whether a text is a whole number of any size.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text) => IsInteger(text, out _, out _);

    /// <summary>Returns whether a text is a whole number of any size but for zeros that it begins with.</summary>
    public static bool HasLeadingZeros(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> digits = text.StartsWith("-"u8) ? text[1..] : text;
        return digits.Length > 1 && digits[0] == '0' && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Reads an int64.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="value">The number, or 0.</param>
    /// <param name="isInteger">Whether the text is a whole number of any size.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value, out bool isInteger)
    {
        // 19 digits fit 64 bits without a sign.
        const int DigitsMax = 19;
        value = 0;
        isInteger = IsInteger(text, out bool negative, out ReadOnlySpan<byte> digits);
        if (!isInteger || digits.Length > DigitsMax)
        {
            return false;
        }

        ulong magnitude = 0;
        foreach (byte digit in digits)
        {
            magnitude = (magnitude * 10) + digit - '0';
        }

        if (magnitude > (negative ? (ulong)long.MaxValue + 1 : long.MaxValue))
        {
            return false;
        }

        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }

    private static bool IsInteger(ReadOnlySpan<byte> text, out bool negative, out ReadOnlySpan<byte> digits)
    {
        negative = !text.IsEmpty && text[0] == '-';
        digits = negative ? text[1..] : text;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (digits[0] != '0' || digits.Length == 1);
    }

    /// <summary>Reads an int32.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="value">The number, or 0.</param>
    /// <param name="isInteger">Whether the text is a whole number of any size.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out int value, out bool isInteger)
    {
        value = 0;
        isInteger = IsInteger(text, out bool negative, out ReadOnlySpan<byte> digits);
        if (!isInteger || digits.Length > 10)
        {
            return false;
        }

        long magnitude = 0;
        foreach (byte digit in digits)
        {
            magnitude = (magnitude * 10) + digit - '0';
        }

        long number = negative ? -magnitude : magnitude;
        value = (int)number;
        if (value != number)
        {
            value = 0;
            return false;
        }

        return true;
    }
}
