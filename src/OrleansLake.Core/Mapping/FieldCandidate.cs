using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Mapping;

/// <summary>A place in records that may be a field of a message.</summary>
/// <param name="Column">The field.</param>
/// <param name="Facts">The place.</param>
/// <param name="Score">How well it fits.</param>
/// <param name="Times">The formats of its timestamps, if it is one.</param>
internal sealed record FieldCandidate(MessageColumn Column, PathFacts Facts, int Score, TimestampGuess? Times);
