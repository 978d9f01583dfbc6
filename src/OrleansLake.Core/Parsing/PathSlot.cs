namespace OrleansLake.Core.Parsing;

/// <summary>A value at the end of a path.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">It as text.</param>
internal readonly record struct PathSlot(ValueKind Kind, MappedText Text);
