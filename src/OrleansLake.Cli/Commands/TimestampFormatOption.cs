using OrleansLake.Core.Time;

namespace OrleansLake.Cli.Commands;

/// <summary>The option that says how timestamps are written.</summary>
internal static class TimestampFormatOption
{
    public static ParsedOption<TimestampFormat?> New() => ParsedOption.Of<TimestampFormat?>(
        "--timestamp-format", "How timestamps are written: epoch-s, epoch-ms, epoch-us, epoch-ns or a pattern", "FORMAT", Parse);

    private static TimestampFormat? Parse(string text, out string? error)
    {
        TimestampFormat.TryCreate(text, out TimestampFormat? format, out error);
        return format;
    }
}
