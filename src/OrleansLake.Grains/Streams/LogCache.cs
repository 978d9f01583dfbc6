using Orleans.Streams;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Grains.Streams;

/// <summary>
/// The newest frames of a partition's log, for the cursors of its subscribers. It is bounded by messages and never
/// under pressure: a subscriber that is further behind than it reaches reads the log's files, so a slow one holds up
/// nobody.
/// </summary>
internal sealed class LogCache(int partition, ILakeStore store) : IQueueCache
{
    private const long RowsMax = 200_000;
    private const int FramesMax = 2048;

    private readonly List<FrameBatch> _frames = [];
    private long _rows;

    public int GetMaxAddCount() => FramesMax / 4;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (FrameBatch batch in messages.Cast<FrameBatch>())
        {
            _frames.Add(batch);
            _rows += batch.Frame!.Content.RowCount;
        }
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        int count = 0;
        while (_frames.Count - count > 1 && (_rows > RowsMax || _frames.Count - count > FramesMax))
        {
            _rows -= _frames[count++].Frame!.Content.RowCount;
        }

        purgedItems = [.. _frames.Take(count)];
        _frames.RemoveRange(0, count);
        return count > 0;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => new LogCursor(this, token?.SequenceNumber);

    /// <summary>Returns the frame with a number; null if the log has not come so far.</summary>
    /// <exception cref="DataNotAvailableException">It was published, and is no longer in the log: bronze Parquet has its messages.</exception>
    internal FrameBatch? Find(long? sequence, LogCursor cursor)
    {
        if (_frames.Count == 0)
        {
            return null;
        }

        long first = _frames[0].Sequence;
        long wanted = sequence ?? _frames[^1].Sequence;
        return wanted >= first + _frames.Count ? null
            : wanted >= first ? _frames[(int)(wanted - first)]
            : cursor.FromLog(wanted, first, ReadLog);
    }

    /// <summary>Returns the place of a frame, without the frame.</summary>
    internal FrameBatch PlaceOf(long sequence) => new(LakeStreams.StreamOf(partition), sequence, null);

    private List<FrameBatch> ReadLog(long sequence, long end, int framesMax)
    {
        IReadOnlyList<LogFrame>? frames = PartitionReader.ReadLog(store, LakeDescription.Read(store).PartitionIds[partition], sequence, end, framesMax);
        return frames is null
            ? throw new DataNotAvailableException($"frame {sequence} of partition {partition} was published and is no longer in the log: its messages are in bronze Parquet")
            : [.. frames.Select(frame => new FrameBatch(LakeStreams.StreamOf(partition), frame.Start.Sequence, BronzeFrame.Of(frame)))];
    }
}
