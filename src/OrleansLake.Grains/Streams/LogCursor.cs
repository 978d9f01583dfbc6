using Orleans.Streams;

namespace OrleansLake.Grains;

/// <summary>Where a subscriber is in the log.</summary>
internal sealed class LogCursor(LogCache cache, long? next) : IQueueCacheCursor
{
    private const int FramesAtOnce = 64;

    private long? _next = next;
    private FrameBatch? _current;
    private Exception? _failure;
    private List<FrameBatch> _behind = [];

    public IBatchContainer GetCurrent(out Exception exception)
    {
        exception = _failure!;
        return _current!;
    }

    public bool MoveNext()
    {
        _failure = null;
        try
        {
            _current = cache.Find(_next, this);
        }
        catch (Exception e) when (e is DataNotAvailableException or IOException or Core.CorruptDataException)
        {
            _failure = e;
            _current = null;
            return true;
        }

        if (_current is null)
        {
            return false;
        }

        _next = _current.Frame.Sequence + 1;
        return true;
    }

    // It stays where it is: what came meanwhile follows it.
    public void Refresh(StreamSequenceToken token) => _next ??= token?.SequenceNumber;

    public void RecordDeliveryFailure()
    {
    }

    public void Dispose()
    {
    }

    internal FrameBatch? FromLog(long sequence, long end, Func<long, long, int, List<FrameBatch>> read)
    {
        if (_behind.Count == 0 || _behind[0].Frame.Sequence > sequence || _behind[^1].Frame.Sequence < sequence)
        {
            _behind = read(sequence, end, FramesAtOnce);
        }

        return _behind.Find(batch => batch.Frame.Sequence == sequence);
    }
}
