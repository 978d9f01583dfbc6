namespace OrleansLake.Storage.Log;

/// <summary>A segment of the log that a manifest names.</summary>
/// <param name="Epoch">The owner that wrote it.</param>
/// <param name="Number">Its number, dense within an owner and never given again.</param>
/// <param name="Start">Its first frame's place.</param>
/// <param name="Seal">
/// Where it ends for good: nothing in it after this place is ever read. Null for the owner's open
/// segments, of which later ones may follow that the manifest does not name.
/// </param>
public sealed record LogSegment(Epoch Epoch, long Number, LogPosition Start, LogPosition? Seal);
