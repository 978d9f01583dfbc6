namespace OrleansLake.Core.Parsing;

/// <summary>The result of parsing a block of input.</summary>
/// <param name="Records">Records, blank ones included: the next block's first record is that many further on.</param>
/// <param name="Accepted">Messages that were added to the batch.</param>
/// <param name="Rejected">Rejections that were added.</param>
public readonly record struct ParseResult(long Records, int Accepted, int Rejected);
