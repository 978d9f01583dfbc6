using System.Diagnostics;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Engine.Tracing;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>
/// One partition under its owner: accepts messages into the bronze log, applies what is durable to the state, and
/// commits (bronze, silver, snapshot, one manifest, gold). Live and after a restart rows go through the same
/// <see cref="Apply(LogFrame, TakenRows, KeyDecision[])"/>.
/// </summary>
/// <remarks>
/// Gates, always taken in this order:
/// <list type="number">
/// <item><c>_turnGate</c>: one at a time applies, so that frames are applied in order; held over commits on the way.</item>
/// <item><c>_acceptGate</c>: the order of the log is the order of the queue.</item>
/// <item><c>_commitGate</c>: one commit at a time, from its cut to its manifest and gold.</item>
/// <item><c>_stateGate</c>: the state, the rows that wait, and how far both are. Held for a batch, a look or a copy, never
/// while anything is written: applying and reading go on while a commit's files are.</item>
/// </list>
/// Fsync of the log happens outside all of them.
/// Memory: rows that wait to be published, those of a commit under way included, are bounded by <see cref="PendingRows"/>;
/// whoever applies beyond that waits for the commit, or commits. A partition whose log is closed (its fsync failed) stays
/// so: another one takes its place, see <see cref="OwnedPartition"/>.
/// </remarks>
internal sealed partial class LakePartition : IDisposable
{
    private readonly ILakeStore _store;
    private readonly PartitionStore _partition;
    private readonly LakeTimeZone _zone;
    private readonly CountryTable _countries;
    private readonly ParallelWork _work;
    private readonly int _pendingRowsMax;
    private readonly TimeProvider _clock;
    private readonly Queue<Accepted> _accepted = new();
    private readonly Lock _turnGate = new();
    private readonly Lock _acceptGate = new();
    private readonly Lock _commitGate = new();
    private readonly Lock _stateGate = new();
    private readonly TracedSends _traced = new();
    private PendingRows _pending;
    private LakeState _state = new(LakeReports.All);
    private BatchApplier _applier;
    private bool _isLoaded;
    private bool _isApplying;
    private LogPosition _applied;
    private long _acceptedRows;
    private long _acceptedBytes;
    private long _rejected;
    private volatile bool _isClosed;

    internal LakePartition(ILakeStore store, PartitionStore partition, LakeTimeZone zone, CountryTable countries, ParallelWork work, int pendingRowsMax, TimeProvider clock)
    {
        _store = store;
        _partition = partition;
        _zone = zone;
        _countries = countries;
        _work = work;
        _pendingRowsMax = pendingRowsMax;
        _clock = clock;
        _pending = new PendingRows(pendingRowsMax);
        _applier = new BatchApplier(_state, zone, work);
        _published = PublishedLake.Of(partition);
        _applied = partition.Current.Applied;
        OpenedAt = partition.End;
        _rejected = partition.Ledger.Total.Rejected;
    }

    /// <summary>Gets the codec of its Parquet files.</summary>
    internal LakeCodec Codec { get; init; }

    /// <summary>Gets the partition's share of external bronze files.</summary>
    internal PartitionShare Share { get; init; } = PartitionShare.Whole;

    /// <summary>Gets the observer of these files.</summary>
    internal ExternalBoard External { get; init; } = new();

    /// <summary>The owner that this is.</summary>
    internal Epoch Epoch => _partition.Epoch;

    /// <summary>Gets the progress of sources as of the log's end.</summary>
    internal Registry Registry => _partition.Registry;

    internal LakeStatus Status
    {
        get
        {
            lock (_stateGate)
            {
                Manifest current = _published.Manifest;
                return new LakeStatus
                {
                    Accepted = _partition.End.Offset,
                    Durable = _partition.Durable.Offset,
                    Applied = _applied.Offset,
                    Published = current.Applied.Offset,
                    Rejected = _rejected,
                    RejectedOpen = _partition.RejectedCount - _partition.Registry.SettledCount,
                    Ledger = _isApplying ? LedgerNow().Total : _published.Ledger.Total,
                    CommitNumber = current.Number,
                    CommitMs = _commitMs,
                    FsyncMs = Volatile.Read(ref _fsyncMs),
                    Files = _published.Files.Count,
                    Keys = _isLoaded ? _state.KeyCount : _published.Ledger.Total.Deduplicated,
                    PendingRows = _pending.Count + (_committing?.Rows.Count ?? 0),
                    ExternalFiles = External.Unsettled,
                };
            }
        }
    }

    /// <summary>Writes a frame to the log. It is acknowledged only after <see cref="Flush"/>.</summary>
    internal AppendedFrame Accept(FrameContent content, IReadOnlyList<MessageBatch>? foreignRows = null, IReadOnlyList<ActivityContext>? requests = null)
    {
        if (content.Rejections.Count > 0 && content.WrittenAt == 0)
        {
            content = content with { WrittenAt = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond };
        }

        using EncodedFrame encoded = EncodedFrame.Of(content);
        lock (_acceptGate)
        {
            AppendedFrame frame = _partition.Append(content, encoded);
            _traced.Accept(frame.End.Offset, requests);
            if (_isApplying)
            {
                _accepted.Enqueue(new Accepted(content, frame, foreignRows));
                _acceptedRows += content.RowCount;
                _acceptedBytes += BytesOf(content);
            }

            return frame;
        }
    }

    /// <summary>
    /// Makes durable what was accepted before the call; one fsync serves every caller that waits. Where more rows wait
    /// to be applied than memory has room for, the caller applies them before it goes on.
    /// </summary>
    internal void Flush()
    {
        FlushOnly();
        if (IsBehind)
        {
            ApplyDurable();
        }
    }

    /// <summary>Makes durable what was accepted before the call, and applies nothing.</summary>
    internal void FlushOnly()
    {
        long started = Stopwatch.GetTimestamp();
        _partition.Flush();
        OnDurable(started);
    }

    /// <summary>Gets a value indicating whether more waits to be applied than memory has room for.</summary>
    internal bool IsBehind
    {
        get
        {
            lock (_acceptGate)
            {
                return _acceptedRows >= _pendingRowsMax || _acceptedBytes >= PendingRows.BytesMax;
            }
        }
    }

    /// <summary>The offset up to which live reports show the messages.</summary>
    internal long AppliedOffset
    {
        get
        {
            lock (_stateGate)
            {
                return _applied.Offset;
            }
        }
    }

    /// <summary>
    /// Brings the state to where the log ends: the snapshot, then the frames after it. From then on what is accepted
    /// is applied by <see cref="ApplyDurable"/>.
    /// </summary>
    /// <returns>False if it was cancelled between two frames: those before can be committed.</returns>
    internal bool StartApplying(CancellationToken cancellationToken)
    {
        lock (_turnGate)
        {
            ThrowIfClosed();
            if (_isApplying)
            {
                return true;
            }

            // What the log holds now, while more is accepted; then what that was, while nothing is.
            Load();
            if (!ApplyLog(cancellationToken))
            {
                return false;
            }

            lock (_acceptGate)
            {
                if (_partition.End > _applied && !ApplyLog(cancellationToken))
                {
                    return false;
                }

                _isApplying = true;
                return true;
            }
        }
    }

    /// <summary>Brings the state to the newest commit. What follows it comes by <see cref="TryApply"/>.</summary>
    internal void Load()
    {
        lock (_turnGate)
        {
            if (_isLoaded)
            {
                return;
            }

            // Anew: a call that failed may have left the half of a snapshot.
            var state = new LakeState(LakeReports.All);
            foreach (byte[] snapshot in _partition.ReadSnapshot())
            {
                state.Import(snapshot);
            }

            state.MarkExported();
            lock (_stateGate)
            {
                _state = state;
                _applier = new BatchApplier(state, _zone, _work);
                _isLoaded = true;
            }
        }
    }

    /// <summary>
    /// Applies a durable frame that a host brings (see <see cref="ReadFrames"/>), if it is the next one; one that was
    /// applied already is passed over. Commits on the way where memory asks for it.
    /// </summary>
    /// <returns>False if frames are missing before it: read the log from <see cref="Applied"/>.</returns>
    /// <param name="frame">The frame.</param>
    /// <param name="decisions">What was decided about each of its messages; null if the state is to decide.</param>
    /// <exception cref="InvalidOperationException">The state was not loaded (<see cref="Load"/>): what is applied to it would be forgotten then.</exception>
    internal bool TryApply(LogFrame frame, KeyDecision[]? decisions = null)
    {
        lock (_turnGate)
        {
            if (!_isLoaded)
            {
                throw new InvalidOperationException("the state is loaded before anything is applied to it");
            }

            if (frame.Start.Sequence > _applied.Sequence)
            {
                return false;
            }

            Apply(frame, Taken(), decisions);
            return true;
        }
    }

    /// <summary>Returns the occurrences of messages: the first occurrences of each, in the order of the ids.</summary>
    internal List<MessageOccurrence>[] Find(IReadOnlyList<byte[]> messageIds)
    {
        lock (_stateGate)
        {
            return [.. messageIds.Select(id => _state.Find(id))];
        }
    }

    /// <summary>Of each message's key, the offset of the copy that counts now; -1 where none does.</summary>
    internal long[] FindOffsets(MessageBatch batch)
    {
        var offsets = new long[batch.Count];
        lock (_stateGate)
        {
            _state.FindOffsets(batch, offsets);
        }

        return offsets;
    }

    /// <summary>The durable frames of the log from a place on that is not before the newest commit.</summary>
    internal IEnumerable<LogFrame> ReadFrames(LogPosition from) => _partition.ReadFrames(from);

    /// <summary>Up to where the reports count.</summary>
    internal LogPosition Applied
    {
        get
        {
            lock (_stateGate)
            {
                return _applied;
            }
        }
    }

    /// <summary>Up to where the log is durable.</summary>
    internal LogPosition Durable => _partition.Durable;

    /// <summary>The newest commit.</summary>
    internal Manifest Current => _partition.Current;

    /// <summary>
    /// Gets a value indicating whether commits write gold. In a lake of many partitions they do not: the host puts it together from what each
    /// has <see cref="Committed"/>.
    /// </summary>
    internal bool PublishesGold { get; init; } = true;

    /// <summary>The reports as of the newest commit, where the host publishes gold. Null: nothing was committed since it was opened.</summary>
    internal CommittedReports? Committed { get; private set; }

    /// <summary>Looks in the store whether there is a later owner: nothing new comes here then.</summary>
    /// <exception cref="OwnershipLostException">There is.</exception>
    internal void CheckOwnership() => _partition.CheckOwnership();

    /// <summary>The reports and the counts at one moment.</summary>
    internal PartitionReading Read(params IReadOnlyList<ReportDefinition> reports)
    {
        LogPosition applied;
        Ledger ledger;
        ReportCopy[] copies;
        lock (_stateGate)
        {
            (applied, ledger, copies) = (_applied, LedgerNow(), [.. reports.Select(_state.Copy)]);
        }

        return new PartitionReading(applied, _partition.Current.Generation, ledger, MadeOf(copies, static copy => copy.Part()));
    }

    /// <summary>Applies accepted frames that are durable. Commits on the way where memory asks for it.</summary>
    internal void ApplyDurable()
    {
        lock (_turnGate)
        {
            ThrowIfClosed();
            LogPosition durable = _partition.Durable;
            using RootSpan span = _traced.StartApply(durable.Offset);
            TakenRows? taken = null;
            while (true)
            {
                Accepted next;
                lock (_acceptGate)
                {
                    if (!_accepted.TryPeek(out next) || next.Frame.End > durable)
                    {
                        return;
                    }
                }

                Apply(next.Frame, next.Content.RejectedSource, next.Content.Rejections, next.Content.WrittenAt, next.Content.Consumed, BatchesOf(next, taken ??= Taken()));

                // Only now: a commit on the way may fail, and then the frame's other rows are still to come.
                lock (_acceptGate)
                {
                    _accepted.Dequeue();
                    _acceptedRows -= next.Content.RowCount;
                    _acceptedBytes -= BytesOf(next.Content);
                }
            }
        }
    }

    /// <summary>A report as of now, with everything that is accepted.</summary>
    internal ReportTable Report(ReportDefinition definition) => Report(definition, static copy => copy.Table());

    /// <summary>The same, to be added to those of other partitions.</summary>
    internal ReportPart ReportPart(ReportDefinition definition) => Report(definition, static copy => copy.Part());

    private T Report<T>(ReportDefinition definition, Func<ReportCopy, T> make)
    {
        if (!_isClosed || !_isLoaded)
        {
            StartApplying(CancellationToken.None);
        }

        ReportCopy copy;
        lock (_stateGate)
        {
            copy = _state.Copy(definition);
        }

        return MadeOf([copy], make)[0];
    }

    /// <summary>
    /// Returns the places of rejected records as of the log's durable end: the data files, and the frames that are not in them yet
    /// (without their rows).
    /// </summary>
    internal (IEnumerable<DataFile> Files, IEnumerable<LogFrame> Frames) Quarantined()
    {
        lock (_commitGate)
        {
            // Behind the gate no commit comes between the two.
            _partition.Flush();
            return ((DataFile[])[.. _partition.Files.Values], (LogFrame[])[.. _partition.ReadUnapplied().Where(frame => frame.Rejections.Count > 0).Select(frame => frame with { Rows = null })]);
        }
    }

    /// <summary>Deletes everything and starts empty; the partition is to be opened anew after it.</summary>
    internal void StartEmptyGeneration() => _partition.StartEmptyGeneration();

    /// <summary>Gets the offset of the log's end when it was opened: all of that was durable.</summary>
    internal LogPosition OpenedAt { get; }

    /// <summary>Gets a value indicating whether the log is closed, because an fsync failed or another owner came.</summary>
    internal bool IsClosed => _isClosed || _partition.Failure is not null;

    /// <summary>Gets a value indicating whether it belongs to another process now.</summary>
    internal bool IsLost => _partition.Failure is OwnershipLostException;

    /// <summary>
    /// Of a partition that another one has replaced: up to where it found what had been appended here. That is durable,
    /// and nothing behind it is.
    /// </summary>
    internal LogPosition? Survived { get; set; }

    /// <summary>Returns whether what is before a place may be acknowledged.</summary>
    internal bool IsAcknowledged(LogPosition end) => end <= (Survived ?? _partition.Durable);

    public void Dispose()
    {
        lock (_turnGate)
        {
            // Behind the gates, so that nothing is being applied and no commit is under way.
            lock (_commitGate)
            {
                _isClosed = true;
                _partition.Dispose();
            }
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

    private Ledger LedgerNow() => StateLedger.Of(_state, _rejected);

    private IEnumerable<MessageBatch> BatchesOf(Accepted accepted, TakenRows taken) =>
        accepted.ForeignRows
        ?? (accepted.Content.Consumed is Consumed.ForeignFile { Refused: null } foreign ? RowsOf(taken, foreign, accepted.Frame.Start.Offset)
        : accepted.Content.Rows is { } rows ? [rows] : []);

    private TakenRows Taken() => new(_store, Share, _zone, _work);

    private IEnumerable<MessageBatch> RowsOf(TakenRows taken, Consumed.ForeignFile file, long firstOffset) =>
        taken.ReadToApply(new ForeignFileEntry(file, firstOffset), () => _applied.Offset, External.Lose);

    // What was read back from the log.
    private void Apply(LogFrame frame, TakenRows taken, KeyDecision[]? decisions = null) => Apply(
        new AppendedFrame(frame.Start, frame.End),
        frame.RejectedSource,
        frame.Rejections,
        frame.WrittenAt,
        frame.Consumed,
        frame.Consumed is Consumed.ForeignFile { Refused: null } foreign ? RowsOf(taken, foreign, frame.FirstOffset)
        : frame.Rows is { } rows ? [rows] : [],
        decisions);

    private void Apply(
        AppendedFrame frame, string rejectedSource, IReadOnlyList<Rejection> rejections, long writtenAt, Consumed consumed, IEnumerable<MessageBatch> batches,
        KeyDecision[]? decisions = null)
    {
        if (frame.End <= _applied)
        {
            return;
        }

        // A commit may have come in the middle of the frame, another program's file: what it published is not applied again.
        bool isBegun = _applied.Sequence == frame.Start.Sequence && _applied.Offset > frame.Start.Offset;
        bool isInBronze = consumed is Consumed.ForeignFile;
        long offset = frame.Start.Offset;
        foreach ((MessageBatch whole, MessageBatch? next) in WithNext(batches.Where(static batch => batch.Count > 0)))
        {
            // A file that has been away may come in other pieces than those of which a commit has the first.
            MessageBatch batch = whole;
            if (offset < _applied.Offset && _applied.Offset < offset + whole.Count)
            {
                batch = whole.From((int)(_applied.Offset - offset));
                offset = _applied.Offset;
            }

            if (offset >= _applied.Offset)
            {
                MakeRoom();
                AppliedBatch[] small;
                lock (_stateGate)
                {
                    ThrowIfClosed();
                    AppliedBatch applied = _applier.Apply(batch, offset, isInBronze, decisions, next);
                    OnApplied(applied);
                    _pending.Add(applied);
                    long end = offset + batch.Count;
                    Advance(end == frame.End.Offset ? frame.End : new LogPosition(frame.Start.Sequence, end));
                    small = _pending.SmallBatches();
                }

                if (small.Length > 0)
                {
                    Merge(small);
                }
            }

            offset += batch.Count;
            MakeRoom();
        }

        if (offset != frame.End.Offset)
        {
            throw new InvalidOperationException($"frame {frame.Start.Sequence} holds {offset - frame.Start.Offset} rows, not {frame.End.Offset - frame.Start.Offset}");
        }

        if (_applied < frame.End)
        {
            lock (_stateGate)
            {
                ThrowIfClosed();
                Advance(frame.End);
            }
        }

        // What was rejected becomes visible with the frame's first rows.
        void Advance(LogPosition end)
        {
            if (!isBegun)
            {
                isBegun = true;
                _pending.Add(frame.Start.Sequence, writtenAt, rejectedSource, rejections);
                _rejected += rejections.Count;
            }

            _applied = end;
        }
    }

    private static IEnumerable<(MessageBatch Batch, MessageBatch? Next)> WithNext(IEnumerable<MessageBatch> batches)
    {
        MessageBatch? batch = null;
        foreach (MessageBatch next in batches)
        {
            if (batch is not null)
            {
                yield return (batch, next);
            }

            batch = next;
        }

        if (batch is not null)
        {
            yield return (batch, null);
        }
    }

    private void Merge(AppliedBatch[] small)
    {
        AppliedBatch merged = MergedBatches.Of(small);
        lock (_stateGate)
        {
            _pending.Replace(small, merged);
        }
    }

    // False if it was cancelled between two frames.
    private bool ApplyLog(CancellationToken cancellationToken)
    {
        _partition.Flush();
        TakenRows taken = Taken();
        foreach (LogFrame frame in _partition.ReadFrames(_applied))
        {
            if (frame.End <= _applied)
            {
                // A call before applied it already.
                continue;
            }

            Apply(frame, taken);
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new LogClosedException("the partition is being opened again");
        }
    }
}
