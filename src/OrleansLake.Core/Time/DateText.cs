namespace OrleansLake.Core.Time;

/// <summary>Dates as text: <c>yyyy-MM-dd</c>.</summary>
public static class DateText
{
    /// <summary>The length of a date in the years 0 to 9999, in bytes.</summary>
    public const int Length = 10;

    /// <summary>The most bytes that <see cref="Format"/> writes.</summary>
    public const int FormatBytesMax = 15;

    /// <summary>
    /// Writes <c>yyyy-MM-dd</c>. A year that has not four digits gets a sign and as many digits as it needs, at least
    /// four (ISO 8601's expanded form), as Java writes it.
    /// </summary>
    /// <param name="day">Days since 1970-01-01.</param>
    /// <param name="destination">At least <see cref="Length"/> bytes, or <see cref="FormatBytesMax"/> if the year may be any.</param>
    /// <returns>The bytes written.</returns>
    public static int Format(int day, Span<byte> destination)
    {
        (int year, int month, int dayOfMonth) = CivilCalendar.FromDay(day);
        int at = 0;
        if (year is < 0 or > 9999)
        {
            destination[at++] = (byte)(year < 0 ? '-' : '+');
            year = Math.Abs(year);
            for (int power = 1_000_000; power >= 10_000; power /= 10)
            {
                if (year >= power)
                {
                    destination[at++] = (byte)('0' + (year / power % 10));
                }
            }

            year %= 10_000;
        }

        Span<byte> rest = destination.Slice(at, Length);
        WriteTwo(rest, year / 100);
        WriteTwo(rest[2..], year % 100);
        rest[4] = (byte)'-';
        WriteTwo(rest[5..], month);
        rest[7] = (byte)'-';
        WriteTwo(rest[8..], dayOfMonth);
        return at + Length;
    }

    /// <summary>Reads <c>yyyy-MM-dd</c> in the years 0001 to 9999.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="day">Days since 1970-01-01.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (text.Length != Length || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out int year) || !TryDigits(text.Slice(5, 2), out int month)
            || !TryDigits(text.Slice(8, 2), out int dayOfMonth)
            || year == 0 || !CivilCalendar.IsDate(year, month, dayOfMonth))
        {
            return false;
        }

        day = CivilCalendar.ToDay(year, month, dayOfMonth);
        return true;
    }

    internal static void WriteTwo(Span<byte> destination, int value)
    {
        destination[1] = (byte)('0' + (value % 10));
        destination[0] = (byte)('0' + (value / 10));
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + c - '0';
        }

        return true;
    }
}
