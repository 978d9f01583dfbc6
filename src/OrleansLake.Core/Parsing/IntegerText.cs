namespace OrleansLake.Core.Parsing;

/// <summary>Whole numbers as JSON writes them: <c>-?(0|[1-9][0-9]*)</c>. No plus sign, no leading zero.</summary>
internal static class IntegerText
{
    /// <summary>Returns whether a text is a whole number of any size.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text) => TryParse(text, out _, out bool isInteger) || isInteger;

    /// <summary>Reads an int32.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="value">The number, or 0.</param>
    /// <param name="isInteger">Whether the text is a whole number of any size.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out int value, out bool isInteger)
    {
        value = 0;
        bool negative = !text.IsEmpty && text[0] == '-';
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        isInteger = !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (digits[0] != '0' || digits.Length == 1);
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
