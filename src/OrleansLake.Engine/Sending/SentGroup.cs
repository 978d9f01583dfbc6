using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Tracing;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Small bodies that wait for the same fsync, as one frame. A frame for each would cost a write, and 3 kB of memory
/// until its commit.
/// </summary>
/// <remarks>Filled under <see cref="Sender"/>'s gate; from when it is taken out of there, the thread's that flushes.</remarks>
internal sealed class SentGroup
{
    // The thread that appends runs in the context of whichever request came first.
    private readonly List<ActivityContext> _requests = [];
    private readonly TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the number of bytes of its bodies.</summary>
    internal int Bytes { get; private set; }

    /// <summary>Gets the place where it was appended; null if it was not, or not yet.</summary>
    internal LakePartition? Partition { get; private set; }

    /// <summary>Gets its place in the log, once it was appended.</summary>
    internal AppendedFrame Frame { get; private set; }

    /// <summary>Gets the reason why it could not be appended.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Gets a task that ends when the flush that followed it has ended, as that did.</summary>
    internal Task Flushed => _flushed.Task;

    private MessageBatch Rows { get; } = new();

    /// <summary>Adds a body's messages and gives the first one's place among all.</summary>
    internal int Add(MessageBatch messages, int bytes)
    {
        int first = Rows.Count;
        Bytes += bytes;
        if (_requests.Count < TracedSends.LinksMax && TracedSends.CurrentRequest is { } request)
        {
            _requests.Add(request);
        }

        for (int row = 0; row < messages.Count; row++)
        {
            Rows.AppendRow(messages, row);
        }

        return first;
    }

    /// <summary>Writes the frame to the log.</summary>
    internal void AppendTo(LakePartition partition)
    {
        try
        {
            Frame = partition.Accept(new FrameContent { Rows = Rows }, requests: _requests);
            Partition = partition;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException)
        {
            Failure = e;
        }
    }

    internal void Complete() => _flushed.SetResult();

    internal void Fail(Exception reason)
    {
        _flushed.SetException(reason);

        // Those who wait may all have been cancelled.
        _ = _flushed.Task.Exception;
    }
}
