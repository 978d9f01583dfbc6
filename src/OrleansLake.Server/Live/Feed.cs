using System.Buffers;
using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Live;

/// <summary>
/// The feed that everyone gets who watches the same thing, made once: it reads one subscription, writes each step as bytes,
/// and keeps the last of them for watchers that are behind or come back.
/// </summary>
/// <remarks>
/// Frames are numbered. A watcher pulls: it asks for the frames from its number on and sends them; one that is further
/// behind than what is kept is too slow and is cut off. Frames that are kept: at most <see cref="FramesMax"/> and
/// <see cref="BytesMax"/>. A newcomer gets a snapshot as of some frame and the frames after it; snapshots are made again
/// only when the frames since have become larger than it.
/// </remarks>
internal sealed class Feed : IAsyncDisposable
{
    internal const int FramesMax = 4096;
    internal const int BytesMax = 8 * 1024 * 1024;

    // Four times what sending a frame to a watcher costs: a feed pauses for that long between frames, so that sending takes a
    // part of the machine only. One watcher does not notice; a thousand get ten frames a second.
    private static readonly TimeSpan RestPerWatcher = TimeSpan.FromMicroseconds(100);

    private readonly ILakeClient _client;
    private readonly LiveQuery _query;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReportFold> _folds = [];
    private readonly FeedFrame?[] _frames = new FeedFrame?[FramesMax];    // by number, from _firstFrame to _nextFrame
    private long _firstFrame;
    private long _nextFrame;
    private long _bytes;
    private long _bytesSinceSnapshot;
    private byte[]? _snapshot;
    private long _snapshotNext;
    private (LakePosition Position, DateTimeOffset Time) _snapshotAt;
    private LiveStatus? _status;
    private LiveBehind? _behind;
    private LakePosition? _position;
    private LakePosition? _firstFrameAfter;    // the position that the first frame that is kept continues from
    private DateTimeOffset _time;
    private TaskCompletionSource _advanced = NewSignal();
    private Exception? _failure;
    private Task _running = Task.CompletedTask;
    private int _watchers;
    private int _isClosed;

    internal Feed(ILakeClient client, LiveQuery query)
    {
        _client = client;
        _query = query;
    }

    /// <summary>Gets the number of watchers.</summary>
    internal int Watchers => Volatile.Read(ref _watchers);

    /// <summary>Gets a value indicating whether it came to an end by itself.</summary>
    internal bool HasFailed
    {
        get
        {
            lock (_gate)
            {
                return _failure is not null;
            }
        }
    }

    /// <summary>Closes it; true for the caller that is to dispose it.</summary>
    internal bool TryClose() => Interlocked.Exchange(ref _isClosed, 1) == 0;

    internal void Start() => _running = Task.Run(RunAsync);

    internal void Join() => Interlocked.Increment(ref _watchers);

    internal int Leave() => Interlocked.Decrement(ref _watchers);

    /// <summary>Returns the start of a watcher.</summary>
    /// <param name="after">The position that it saw last; null if it is new.</param>
    /// <param name="cancellationToken">Gives up waiting for the feed's own start.</param>
    /// <exception cref="LakeClientException">The feed came to an end.</exception>
    internal async ValueTask<FeedStart> StartAsync(LakePosition? after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task advanced;
            lock (_gate)
            {
                ThrowIfFailed();
                if (_position is not null)
                {
                    return StartNow(after);
                }

                advanced = _advanced.Task;
            }

            await advanced.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns a frame; null if there is none yet, or none any more.</summary>
    /// <param name="number">The frame's number.</param>
    /// <param name="isGone">Whether it is not kept any more.</param>
    /// <param name="advanced">Ends when there is a frame after those that there are now.</param>
    /// <exception cref="LakeClientException">The feed came to an end.</exception>
    internal FeedFrame? FrameAt(long number, out bool isGone, out Task advanced)
    {
        lock (_gate)
        {
            advanced = _advanced.Task;
            isGone = number < _firstFrame;
            if (number == _nextFrame)
            {
                ThrowIfFailed();
                return null;
            }

            return isGone ? null : _frames[number % FramesMax];
        }
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private FeedStart StartNow(LakePosition? after)
    {
        long next = _nextFrame;
        if (after is not null)
        {
            if (after.Equals(_position))
            {
                // So that it knows at once that what it has is live again.
                return new FeedStart(WithBehind(Written(new LiveProgress(_position, _time))), next);
            }

            if (after.Equals(_firstFrameAfter))
            {
                return new FeedStart(default, _firstFrame);
            }

            for (long number = _firstFrame; number < next; number++)
            {
                if (_frames[number % FramesMax]!.Position.Equals(after))
                {
                    return new FeedStart(default, number + 1);
                }
            }
        }

        if (_snapshot is null || _snapshotNext < _firstFrame || _bytesSinceSnapshot > Math.Max(_snapshot.Length, 64 * 1024))
        {
            _snapshot = MakeSnapshot();
            _snapshotAt = (_position!, _time);
            _snapshotNext = next;
            _bytesSinceSnapshot = 0;
        }

        return new FeedStart(WithBehind(after is null ? _snapshot : RefetchAndSnapshot()), _snapshotNext);
    }

    // A lake that is reached over a network may be away: those who join then are notified.
    private byte[] WithBehind(byte[] start) => _behind is null ? start : [.. start, .. Written(_behind)];

    private static byte[] Written(LiveUpdate update)
    {
        var text = new ArrayBufferWriter<byte>(256);
        EventText.Write(text, update);
        return text.WrittenSpan.ToArray();
    }

    // What it is sent first is as of the snapshot, which may be older than the newest frame: frames behind it follow.
    private byte[] RefetchAndSnapshot()
    {
        var text = new ArrayBufferWriter<byte>(_snapshot!.Length + 256);
        EventText.Write(text, new LiveRefetch(_snapshotAt.Position, _snapshotAt.Time, "The changes since then are not kept; the whole follows.") { IsComplete = false });
        text.Write(_snapshot);
        return text.WrittenSpan.ToArray();
    }

    private byte[] MakeSnapshot()
    {
        var text = new ArrayBufferWriter<byte>();
        for (int i = 0; i < _query.Reports.Count; i++)
        {
            ReportTable table = _folds[_query.Reports[i].Report].ToTable();
            EventText.Write(text, new LiveSnapshot(new ReportSnapshot { Table = table, Position = _position!, Time = _time, RowsInAll = table.RowCount })
            {
                IsComplete = i == _query.Reports.Count - 1 && _status is null,
            });
        }

        if (_status is not null)
        {
            EventText.Write(text, _status with { Position = _position!, IsComplete = true });
        }

        return text.WrittenSpan.ToArray();
    }

    private async Task RunAsync()
    {
        try
        {
            var text = new ArrayBufferWriter<byte>();
            await foreach (LiveUpdate update in _client.WatchAsync(_query, _stop.Token).ConfigureAwait(false))
            {
                lock (_gate)
                {
                    _behind = update as LiveBehind;
                    if (_behind is not null)
                    {
                        // What was sent by half is sent again.
                        text.ResetWrittenCount();
                        if (_position is not null)
                        {
                            Add(new FeedFrame(_position, Written(_behind)));
                            Signal();
                        }

                        continue;
                    }

                    // Nobody needs the feed's own start as a frame: new watchers get a snapshot.
                    bool isStart = _position is null;
                    Fold(update);
                    if (!isStart)
                    {
                        EventText.Write(text, update);
                    }

                    if (!update.IsComplete)
                    {
                        continue;
                    }

                    if (isStart)
                    {
                        _firstFrameAfter = update.Position;
                    }
                    else
                    {
                        Add(new FeedFrame(update.Position, text.WrittenSpan.ToArray()));
                        text.ResetWrittenCount();
                    }
                }

                Signal();
                await Task.Delay(RestPerWatcher * Watchers, _stop.Token).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it is: watchers get the error, and it is not a fault of the one who started the feed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure = e;
            }

            Signal();
        }
    }

    private void Fold(LiveUpdate update)
    {
        switch (update)
        {
            case LiveSnapshot snapshot when _folds.TryGetValue(snapshot.Snapshot.Report, out ReportFold? fold):
                fold.Reset(snapshot.Snapshot.Table);
                break;
            case LiveSnapshot snapshot:
                _folds.Add(snapshot.Snapshot.Report, new ReportFold(snapshot.Snapshot.Table));
                break;
            case LiveDelta delta:
                _folds[delta.Report].Apply(delta.Rows, delta.Removed);
                break;
            case LiveStatus status:
                _status = status;
                break;
            default:
                break;
        }

        if (update.IsComplete)
        {
            _position = update.Position;
            _time = update.Time;
        }
    }

    private void Add(FeedFrame frame)
    {
        if (_nextFrame - _firstFrame == FramesMax)
        {
            DropFirst();
        }

        _frames[_nextFrame++ % FramesMax] = frame;
        _bytes += frame.Bytes.Length;
        _bytesSinceSnapshot += frame.Bytes.Length;
        while (_nextFrame - _firstFrame > 1 && _bytes > BytesMax)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        ref FeedFrame? first = ref _frames[_firstFrame++ % FramesMax];
        _bytes -= first!.Bytes.Length;
        _firstFrameAfter = first.Position;
        first = null;
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure as LakeClientException
                ?? new LakeClientException(LakeClientErrorKind.Unavailable, "The lake stopped telling what changes; subscribe again.", _failure);
        }
    }

    private void Signal()
    {
        TaskCompletionSource advanced;
        lock (_gate)
        {
            advanced = _advanced;
            _advanced = NewSignal();
        }

        advanced.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
