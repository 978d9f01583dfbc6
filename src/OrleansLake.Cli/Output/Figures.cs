using System.Globalization;

namespace OrleansLake.Cli.Output;

/// <summary>Numbers as people read them. Culture never enters: output is the same everywhere.</summary>
internal static class Figures
{
    /// <summary>Formats a value as in <c>12,345</c></summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a value as in <c>1 message</c>, <c>2 messages</c></summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>Formats a value as in <c>950 B</c>, <c>1.2 MB</c>: powers of ten, as disks are sold.</summary>
    public static string Bytes(long value)
    {
        ReadOnlySpan<string> units = ["B", "kB", "MB", "GB", "TB"];
        double scaled = value;
        int unit = 0;
        while (scaled >= 999.5 && unit < units.Length - 1)
        {
            scaled /= 1000;
            unit++;
        }

        string format = unit == 0 || scaled >= 99.95 ? "0" : "0.0";
        return $"{scaled.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>Formats a value as in <c>950/s</c>, <c>1.25 M/s</c></summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        >= 999_500 => $"{(perSecond / 1_000_000).ToString("0.00", CultureInfo.InvariantCulture)} M/s",
        >= 99_950 => $"{(perSecond / 1000).ToString("0", CultureInfo.InvariantCulture)} k/s",
        >= 10 or 0 => $"{perSecond.ToString("N0", CultureInfo.InvariantCulture)}/s",
        _ => $"{perSecond.ToString("0.0", CultureInfo.InvariantCulture)}/s",
    };

    /// <summary>Formats a value as in <c>0.4 s</c>, <c>12 s</c>, <c>3:07</c>, <c>1:02:03</c></summary>
    public static string Time(TimeSpan value) => value.TotalSeconds switch
    {
        < 9.95 => $"{value.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        < 59.5 => $"{value.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s",
        < 3600 => value.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => $"{(long)value.TotalHours}:{value.ToString(@"mm\:ss", CultureInfo.InvariantCulture)}",
    };

    /// <summary>Formats a value as in <c>3.1 ms</c>, <c>240 ms</c></summary>
    public static string Milliseconds(double value) =>
        $"{value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} ms";

    /// <summary>Formats a time as in <c> (4.2 ms)</c>; as nothing where it was not measured, such as a commit of somebody before.</summary>
    public static string Taken(double value) => value > 0 ? $" ({Milliseconds(value)})" : "";

    /// <summary>Formats a value as in <c>71.4 %</c></summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? "-" : $"{(100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
