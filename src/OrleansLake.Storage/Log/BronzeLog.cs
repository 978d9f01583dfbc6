using OrleansLake.Core;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Log;

/// <summary>
/// The writer of one owner's log: frames go to the end of the open segment, one fsync makes durable whatever was
/// appended before it (group commit), and a full segment is made durable before the next one is begun.
/// </summary>
/// <remarks>
/// A failed write leaves the end where it was, and the same place is written again. A failed fsync closes the log:
/// the page cache may lie about what was written, and asking again would be believed.
/// </remarks>
internal sealed class BronzeLog : IDisposable
{
    private readonly ILakeStore _store;
    private readonly PartitionId _partition;
    private readonly Epoch _epoch;
    private readonly int _segmentBytes;
    private readonly Action _checkOwnership;
    private readonly Lock _gate = new();
    private readonly Lock _flushGate = new();
    private readonly List<ILogFile> _full = [];
    private readonly List<LogSegment> _segments = [];
    private ILogFile _file;
    private long _capacity;
    private long _used;
    private LogPosition _end;
    private LogPosition _durable;
    private LogPosition _acknowledged;
    private Exception? _failure;
    private bool _isBeginOpen;

    /// <param name="store">Where the segments go.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="epoch">The owner.</param>
    /// <param name="number">The first segment's number.</param>
    /// <param name="start">The first frame's place; everything before it is durable.</param>
    /// <param name="segmentBytes">The size of a segment.</param>
    /// <param name="checkOwnership">Throws if the owner is not the owner any more; called after every fsync.</param>
    public BronzeLog(
        ILakeStore store,
        PartitionId partition,
        Epoch epoch,
        long number,
        LogPosition start,
        int segmentBytes,
        Action checkOwnership)
    {
        _store = store;
        _partition = partition;
        _epoch = epoch;
        _segmentBytes = segmentBytes;
        _checkOwnership = checkOwnership;
        _end = _durable = _acknowledged = start;
        _file = Begin(number, segmentBytes);
        _capacity = segmentBytes;
        _segments.Add(new LogSegment(epoch, number, start, null));
    }

    public LogPosition End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Gets the position before which all may be acknowledged.</summary>
    public LogPosition Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged;
            }
        }
    }

    /// <summary>Gets the reason why it is closed; null if it is open.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>Gets this owner's segments that have not been dropped, oldest first.</summary>
    public IReadOnlyList<LogSegment> Segments
    {
        get
        {
            lock (_gate)
            {
                return [.. _segments];
            }
        }
    }

    public AppendedFrame Append(EncodedFrame frame)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_isBeginOpen || _file.IsFull || _used + frame.Stride > _capacity)
            {
                Roll(frame.Stride);
            }

            LogPosition start = _end;
            try
            {
                _file.Write(frame.At(_partition, _epoch, _segments[^1].Number, start, _durable), _used);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FrameWriteException(e.Message, e);
            }

            return Advance(frame.Stride, frame.RowCount);
        }
    }

    /// <summary>Appends a frame that an earlier owner wrote: its payload as it is, under a header of this owner.</summary>
    public AppendedFrame AppendCopy(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_isBeginOpen || _file.IsFull || _used + header.Stride > _capacity)
            {
                Roll(header.Stride);
            }

            byte[] bytes = new byte[header.Stride];
            FrameHeader copy = header with
            {
                Epoch = _epoch,
                Segment = _segments[^1].Number,
                Start = _end,
                Durable = _durable,
            };
            copy.Write(bytes);
            payload.CopyTo(bytes.AsSpan(FrameHeader.Bytes));
            _file.Write(bytes, _used);
            return Advance(header.Stride, header.RowCount);
        }
    }

    /// <summary>Makes durable what was appended before the call, and returns the position up to which it may be acknowledged.</summary>
    public LogPosition Flush()
    {
        LogPosition target = End;
        lock (_flushGate)
        {
            ILogFile file;
            LogPosition end;
            lock (_gate)
            {
                ThrowIfClosed();
                if (_acknowledged >= target)
                {
                    // The flush that this call waited for served it as well.
                    return _acknowledged;
                }

                file = _file;
                end = _end;
            }

            Sync(file);
            lock (_gate)
            {
                _durable = Max(_durable, end);
                ThrowIfClosed();
            }

            CloseFullSegments();
            _checkOwnership();
            lock (_gate)
            {
                return _acknowledged = Max(_acknowledged, end);
            }
        }
    }

    /// <summary>Forgets the segments whose frames all come before a place, but never the open one.</summary>
    public void DropBefore(LogPosition applied)
    {
        lock (_gate)
        {
            while (_segments.Count > 1 && _segments[1].Start <= applied)
            {
                _segments.RemoveAt(0);
            }
        }
    }

    /// <summary>Takes nothing more.</summary>
    public void Close(Exception reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
        }
    }

    public void Dispose()
    {
        lock (_flushGate)
        {
            lock (_gate)
            {
                if (_failure is null)
                {
                    _file.Trim(_used);
                    _failure = new ObjectDisposedException(nameof(BronzeLog));
                }

                _file.Dispose();
            }

            CloseFullSegments();
        }
    }

    private static LogPosition Max(LogPosition a, LogPosition b) => a > b ? a : b;

    private AppendedFrame Advance(long stride, long rows)
    {
        LogPosition start = _end;
        _used += stride;
        _end = new LogPosition(start.Sequence + 1, start.Offset + rows);
        return new AppendedFrame(start, _end);
    }

    private void Roll(long frameBytes)
    {
        if (_durable < _end)
        {
            Sync(_file);
            _durable = _end;
        }

        long number = _segments[^1].Number + 1;
        long capacity = Math.Max(_segmentBytes, SegmentHeader.Bytes + frameBytes);
        ILogFile next = Begin(number, capacity);
        _full.Add(_file);
        _file = next;
        _capacity = capacity;
        _segments.Add(new LogSegment(_epoch, number, _end, null));
    }

    private ILogFile Begin(long number, long capacity)
    {
        string path = LakePaths.Segment(_partition, _epoch, number);
        if (_store.Find(path) is not null)
        {
            // What a call that failed has left: the name is this owner's, and nothing was ever appended there.
            _store.Delete(path);
        }

        ILogFile file = _store.CreateLogFile(path, capacity);
        try
        {
            // From here on the disk may hold a segment that begins where the log ends now, whatever becomes of this
            // call. A frame that was appended to the segment before would not be read again, so none is.
            _isBeginOpen = true;
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            new SegmentHeader(_partition, _epoch, number, _end).Write(header);
            file.Write(header, 0);

            // Before anything names the segment, or it holds a frame: a header that is lost later is damage.
            file.Flush();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _isBeginOpen = false;
        _used = SegmentHeader.Bytes;
        return file;
    }

    private void Sync(ILogFile file)
    {
        try
        {
            file.Flush();
        }
        catch (Exception e)
        {
            Exception reason = Lost() ?? e;
            lock (_gate)
            {
                _failure ??= reason;
            }

            switch (reason)
            {
                case OwnershipLostException:
                    throw new OwnershipLostException(reason.Message, e);
                case LakeNotFoundException:
                    throw new LakeNotFoundException(reason.Message, e);
                case CorruptDataException:
                    throw reason;
            }

            throw new LogClosedException($"the fsync of {file.Path} failed: {e.Message}", e);
        }
    }

    // A later owner may have collected the segment, which a store without open files reports by an error: that is not a reason
    // to open the partition again.
    private Exception? Lost()
    {
        try
        {
            _checkOwnership();
        }
        catch (Exception e) when (e is OwnershipLostException or LakeNotFoundException or CorruptDataException)
        {
            return e;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not known now.
        }

        return null;
    }

    private void CloseFullSegments()
    {
        ILogFile[] full;
        lock (_gate)
        {
            full = [.. _full];
            _full.Clear();
        }

        foreach (ILogFile file in full)
        {
            file.Dispose();
        }
    }

    private void ThrowIfClosed()
    {
        if (_failure is not null)
        {
            throw _failure switch
            {
                OwnershipLostException => new OwnershipLostException(_failure.Message, _failure),
                LakeNotFoundException => new LakeNotFoundException(_failure.Message, _failure),
                CorruptDataException damage => new CorruptDataException(damage.File, damage.Offset, damage.What, damage.Remedy),
                _ => new LogClosedException($"the log is closed: {_failure.Message}", _failure),
            };
        }
    }
}
