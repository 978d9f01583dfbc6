using Microsoft.Extensions.Logging.Console;

namespace OrleansLake.Silo;

/// <summary>What <see cref="LineFormatter"/> writes.</summary>
internal sealed class LineFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>Whether an exception is written with where it was thrown.</summary>
    public bool WithStackTraces { get; set; }
}
