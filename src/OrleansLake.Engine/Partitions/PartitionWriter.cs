using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Tracing;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// Writes to a partition's log, in the order in which frames come, and keeps them until they are applied. The fsync happens
/// outside of its gate.
/// </summary>
internal sealed class PartitionWriter(PartitionStore partition, PartitionSettings settings, TracedSends traced)
{
    private readonly Queue<Accepted> _accepted = new();
    private readonly Lock _gate = new();
    private Action? _durableAdvanced;
    private bool _isKeeping;
    private long _rows;
    private long _bytes;
    private double _fsyncMs;

    /// <summary>Gets a value indicating whether accepted frames are kept to be applied.</summary>
    internal bool IsKeeping => _isKeeping;

    /// <summary>Gets the duration of the newest fsync.</summary>
    internal double FsyncMs => Volatile.Read(ref _fsyncMs);

    /// <summary>Gets a value indicating whether more waits to be applied than fits in memory.</summary>
    internal bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _rows >= settings.PendingRowsMax || _bytes >= PendingRows.BytesMax;
            }
        }
    }

    /// <summary>Writes a frame to the log. It is acknowledged only after <see cref="Flush"/>.</summary>
    internal AppendedFrame Accept(FrameContent content, IReadOnlyList<MessageBatch>? externalRows, IReadOnlyList<ActivityContext>? requests)
    {
        content = Dated(content);
        using EncodedFrame encoded = EncodedFrame.Of(content);
        lock (_gate)
        {
            AppendedFrame frame = partition.Append(content, encoded);
            traced.Accept(frame.End.Offset, requests);
            if (_isKeeping)
            {
                _accepted.Enqueue(new Accepted(content, frame, externalRows));
                _rows += content.RowCount;
                _bytes += BytesOf(content);
            }

            return frame;
        }
    }

    /// <summary>Returns a frame with the time of now, where it has rejected records and no time.</summary>
    internal FrameContent Dated(FrameContent content) => content.Rejections.Count == 0 || content.WrittenAt != 0 ? content
        : content with { WrittenAt = (settings.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond };

    /// <summary>Makes durable what was accepted before the call; one fsync serves every caller that waits.</summary>
    internal void Flush()
    {
        long started = Stopwatch.GetTimestamp();
        partition.Flush();
        Volatile.Write(ref _fsyncMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        Volatile.Read(ref _durableAdvanced)?.Invoke();
    }

    /// <summary>Notifies from now on when more is durable.</summary>
    /// <param name="durableAdvanced">Called by the thread that made messages durable, between its fsync and its answer: quick, and without a lock.</param>
    internal void Tell(Action durableAdvanced) => Volatile.Write(ref _durableAdvanced, durableAdvanced);

    /// <summary>Keeps what is accepted from now on, once all before it is applied.</summary>
    /// <param name="catchUp">Applies that, while nothing is accepted; false if it was given up.</param>
    internal bool TryKeep(Func<bool> catchUp)
    {
        lock (_gate)
        {
            _isKeeping = catchUp();
            return _isKeeping;
        }
    }

    /// <summary>Returns the next frame that waits to be applied, if it is durable.</summary>
    internal bool TryPeek(LogPosition durable, out Accepted next)
    {
        lock (_gate)
        {
            return _accepted.TryPeek(out next) && next.Frame.End <= durable;
        }
    }

    /// <summary>Drops the next frame: it is applied.</summary>
    internal void Drop()
    {
        lock (_gate)
        {
            FrameContent content = _accepted.Dequeue().Content;
            _rows -= content.RowCount;
            _bytes -= BytesOf(content);
        }
    }

    private static long BytesOf(FrameContent content)
    {
        long bytes = content.Rows is { } rows ? rows.Values.Bytes.Length + rows.MessageIds.Texts.Bytes.Length : 0;
        foreach (Rejection rejection in content.Rejections)
        {
            bytes += rejection.Raw.Length;
        }

        return bytes;
    }
}
