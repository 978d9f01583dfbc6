using OrleansLake.Core;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// The partition that this process owns, over its openings: when one's log has closed because an fsync failed, the
/// next one is opened as a new owner, with back-off. A failed fsync is never tried again on the same file.
/// </summary>
/// <remarks>
/// An operation on a partition keeps the one that it began with. A closed one refuses everything, so nobody can
/// take the next one's fsync for an acknowledgement of what was appended to the one before.
/// </remarks>
internal sealed class OwnedPartition : IDisposable
{
    // The first try comes at once.
    private static readonly Backoff Delays = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    private readonly Func<LakePartition> _open;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private volatile LakePartition _current;
    private volatile bool _isSuspended;
    private int _failures;
    private long _failedAt;
    private string _reason = "";

    internal OwnedPartition(Func<LakePartition> open, TimeProvider clock)
    {
        _open = open;
        _clock = clock;
        _current = open();
    }

    /// <summary>Gets the partition; its log may be closed.</summary>
    internal LakePartition Current => _current;

    /// <summary>Gets a value indicating whether the partition is being replayed, emptied or given back: nothing can be accepted.</summary>
    internal bool IsSuspended => _isSuspended;

    /// <summary>Gets the time at which to try again to open the partition.</summary>
    internal TimeSpan RetryAfter
    {
        get
        {
            // Without the gate, which is held while the partition is being opened.
            TimeSpan left = Delays.After(Volatile.Read(ref _failures)) - _clock.GetElapsedTime(Volatile.Read(ref _failedAt));
            return left > Delays.First ? left : Delays.First;
        }
    }

    /// <summary>Returns the partition, opened again if its log has closed.</summary>
    /// <exception cref="LogClosedException">It cannot be opened now.</exception>
    /// <exception cref="OwnershipLostException">Another process has opened it.</exception>
    /// <exception cref="CorruptDataException">It is damaged.</exception>
    internal LakePartition Open()
    {
        lock (_gate)
        {
            if (_isSuspended)
            {
                throw new LogClosedException("the lake is being replayed, emptied or closed");
            }

            if (!_current.IsClosed)
            {
                return _current;
            }

            if (_current.IsLost)
            {
                throw new OwnershipLostException("another process has opened the lake");
            }

            if (_current.Damage is { } damage)
            {
                throw new CorruptDataException(damage.File, damage.Offset, damage.What, damage.Remedy);
            }

            if (_clock.GetElapsedTime(_failedAt) >= Delays.After(_failures))
            {
                Replace();
                return _current;
            }

            throw new LogClosedException($"the lake's disk has failed: {_reason}");
        }
    }

    /// <summary>Hands the partition's log to other work, which opens it on its own; <see cref="Resume"/> takes it back.</summary>
    internal void Suspend()
    {
        lock (_gate)
        {
            _isSuspended = true;
        }
    }

    /// <summary>Opens the partition again after <see cref="Suspend"/>, when the work is done.</summary>
    internal void Resume()
    {
        lock (_gate)
        {
            _isSuspended = false;
            Replace();
        }
    }

    public void Dispose()
    {
        Suspend();
        _current.Dispose();
    }

    private void Replace()
    {
        try
        {
            _current.Dispose();
            LakePartition next = _open();
            _current.DurableEndAfterReopen = next.OpenedAt;
            _current = next;
            Volatile.Write(ref _failures, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException)
        {
            Volatile.Write(ref _failedAt, _clock.GetTimestamp());
            Volatile.Write(ref _failures, _failures + 1);
            _reason = e.Message;
            throw new LogClosedException($"the lake's disk has failed: {_reason}", e);
        }
    }
}
