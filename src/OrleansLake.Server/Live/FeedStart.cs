namespace OrleansLake.Server.Live;

/// <summary>The start of a watcher that joins a feed.</summary>
/// <param name="Bytes">What it is sent first; empty if it continues from where it was.</param>
/// <param name="NextFrame">The number of the frame that it gets then.</param>
internal readonly record struct FeedStart(ReadOnlyMemory<byte> Bytes, long NextFrame);
