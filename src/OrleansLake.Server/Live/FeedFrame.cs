using OrleansLake.Client;

namespace OrleansLake.Server.Live;

/// <summary>Everything that watchers of one feed are sent for one position, as the bytes that are sent.</summary>
/// <param name="Position">What is true once it is applied.</param>
/// <param name="Bytes">Server-sent events.</param>
internal sealed record FeedFrame(LakePosition Position, byte[] Bytes);
