namespace OrleansLake.Core.Parsing;

/// <summary>The place of a value's text.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="IsInScratch">Whether it is in the scratch memory, and not in the record.</param>
internal readonly record struct MappedText(int Start, int Length, bool IsInScratch);
