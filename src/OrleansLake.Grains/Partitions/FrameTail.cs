using OrleansLake.Storage;

namespace OrleansLake.Grains.Partitions;

/// <summary>
/// The log's newest frames in memory, so that who follows the log reads no files. Bounded by messages: older frames
/// are read from the log. Thread-safe.
/// </summary>
internal sealed class FrameTail
{
    private const long RowsMax = 500_000;
    private const int FramesMax = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<BronzeFrame> _frames = new();
    private long _rows;

    /// <summary>Adds the frame after the last one.</summary>
    internal void Add(BronzeFrame frame)
    {
        lock (_gate)
        {
            _frames.Enqueue(frame);
            _rows += frame.Content.RowCount;
            while (_frames.Count > 1 && (_rows > RowsMax || _frames.Count > FramesMax))
            {
                _rows -= _frames.Dequeue().Content.RowCount;
            }
        }
    }

    /// <summary>Returns the durable frames from one on; null if the first of them is not held any more.</summary>
    internal IReadOnlyList<BronzeFrame>? Read(long sequence, LogPosition durable, int framesMax)
    {
        lock (_gate)
        {
            if (sequence >= durable.Sequence)
            {
                return [];
            }

            if (_frames.Count == 0 || _frames.Peek().Sequence > sequence)
            {
                return null;
            }

            int first = (int)(sequence - _frames.Peek().Sequence);
            int count = (int)Math.Min(framesMax, durable.Sequence - sequence);
            return [.. _frames.Skip(first).Take(count)];
        }
    }
}
