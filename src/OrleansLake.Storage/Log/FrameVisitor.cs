namespace OrleansLake.Storage.Log;

/// <summary>Is shown the frames of a log, in order.</summary>
/// <param name="header">The frame's header.</param>
/// <param name="payload">Its payload, checked; valid during the call.</param>
/// <param name="path">Its segment's path.</param>
/// <param name="position">The byte in the segment at which it starts.</param>
/// <param name="durable">The greatest place known to be durable when all frames up to this one have been seen.</param>
internal delegate void FrameVisitor(
    in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition durable);
