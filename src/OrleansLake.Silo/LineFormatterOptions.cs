using Microsoft.Extensions.Logging.Console;

namespace OrleansLake.Silo;

/// <summary>The options of <see cref="LineFormatter"/>.</summary>
internal sealed class LineFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>Gets or sets a value indicating whether an exception is written with where it was thrown.</summary>
    public bool WithStackTraces { get; set; }
}
