using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Mapping;

/// <summary>A mapping that a sample of records suggests.</summary>
/// <param name="Text">Its file.</param>
/// <param name="Mapping">It as it was read from that.</param>
/// <param name="Found">How many fields were found.</param>
/// <param name="Doubts">What is not sure about it, a sentence each.</param>
/// <param name="Ids">The types of ids of a lake that takes the records: its own, or those that it is to be created with.</param>
internal sealed record InferredMapping(string Text, MessageMapping Mapping, int Found, IReadOnlyList<string> Doubts, IdTypes Ids);
