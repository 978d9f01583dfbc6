using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Partitions;

/// <summary>A frame that is in the log and waits to be applied.</summary>
/// <param name="Content">What it holds.</param>
/// <param name="Frame">Its location.</param>
/// <param name="ExternalRows">The rows of an external file, if they are at hand; else the file is read again.</param>
internal readonly record struct Accepted(FrameContent Content, AppendedFrame Frame, IReadOnlyList<MessageBatch>? ExternalRows);
