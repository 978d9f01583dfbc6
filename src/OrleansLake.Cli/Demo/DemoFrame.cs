using OrleansLake.Cli.Output;
using OrleansLake.Core.State;

namespace OrleansLake.Cli.Demo;

/// <summary>One frame of what a demo shows.</summary>
internal sealed record DemoFrame
{
    /// <summary>Gets the lake's folder, as it was given.</summary>
    public required string Lake { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets the time that messages are made; the commit at the end comes on top.</summary>
    public required TimeSpan Whole { get; init; }

    public required long Accepted { get; init; }

    /// <summary>Gets the number of messages accepted a second.</summary>
    public required double Rate { get; init; }

    public required LedgerCounts Ledger { get; init; }

    public required long Durable { get; init; }

    public required long Published { get; init; }

    public required long CommitNumber { get; init; }

    public required double CommitMs { get; init; }

    public required long Files { get; init; }

    public required long Keys { get; init; }

    /// <summary>Gets a value indicating whether the messages have times of their own, not of now.</summary>
    public bool IsSeeded { get; init; }

    /// <summary>Gets report 1 of today, or of the newest day there is.</summary>
    public required TextTable Today { get; init; }

    /// <summary>Gets the share of the time that has passed, 0 to 1.</summary>
    public double Share => Math.Clamp(Elapsed / Whole, 0, 1);
}
