using Orleans.Streams;

namespace OrleansLake.Grains.Streams;

/// <summary>A subscriber's cursor in the log.</summary>
/// <remarks>
/// The frame that it starts at is either the next one, or the last that a subscriber has, which Orleans passes over then by
/// its token. Of the latter the place is enough: its messages may be in Parquet already, and what follows still in the log.
/// </remarks>
internal sealed class LogCursor(LogCache cache, long? next) : IQueueCacheCursor
{
    private const int FramesAtOnce = 64;

    private long? _next = next;
    private bool _isAtStart = next is not null;
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
            _current = _next < 0 ? cache.PlaceOf(_next.Value) : cache.Find(_next, this);
        }
        catch (DataNotAvailableException) when (_isAtStart)
        {
            _current = cache.PlaceOf(_next!.Value);
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

        _isAtStart = false;
        _next = _current.Sequence + 1;
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
        if (_behind.Count == 0 || _behind[0].Sequence > sequence || _behind[^1].Sequence < sequence)
        {
            _behind = read(sequence, end, FramesAtOnce);
        }

        return _behind.Find(batch => batch.Sequence == sequence);
    }
}
