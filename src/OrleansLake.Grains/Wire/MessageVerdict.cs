using OrleansLake.Core.State;

namespace OrleansLake.Grains;

/// <summary>The decision of a message's grain.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.MessageVerdict")]
public sealed record MessageVerdict
{
    private static readonly MessageVerdict Wins = new() { Decisions = [KeyDecision.Wins] };
    private static readonly MessageVerdict Loses = new() { Decisions = [KeyDecision.Loses] };

    /// <summary>Gets the verdict of a grain that does not know what counted before. Ask again with that.</summary>
    public static MessageVerdict NeedsKnown { get; } = new() { IsUnknown = true };

    /// <summary>Gets the verdict for an owner after which a later one has asked.</summary>
    public static MessageVerdict Stale { get; } = new() { IsStale = true };

    /// <summary>Gets one for each copy.</summary>
    [Id(0)]
    public KeyDecision[] Decisions { get; init; } = [];

    /// <summary>Gets a value indicating whether this is <see cref="NeedsKnown"/>.</summary>
    [Id(1)]
    public bool IsUnknown { get; init; }

    /// <summary>Gets a value indicating whether this is <see cref="Stale"/>.</summary>
    [Id(2)]
    public bool IsStale { get; init; }

    // A frame mostly has one copy of a message, and every grain remembers its verdict: there are two of these.
    internal static MessageVerdict OfOne(KeyDecision decision) => decision == KeyDecision.Wins ? Wins : Loses;
}
