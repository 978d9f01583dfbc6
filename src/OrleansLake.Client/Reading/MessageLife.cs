namespace OrleansLake.Client;

/// <summary>All copies of a message that are in the lake, in the order in which they came.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="Position">The position that it is true as of.</param>
/// <param name="Copies">The copies; none if there is no such message.</param>
public sealed record MessageLife(string MessageId, LakePosition Position, IReadOnlyList<MessageCopy> Copies);
