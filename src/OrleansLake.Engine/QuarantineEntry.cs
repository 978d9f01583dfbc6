using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>A record that was rejected.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Rejection">What it is, and why it was rejected.</param>
public sealed record QuarantineEntry(string Source, Rejection Rejection);
