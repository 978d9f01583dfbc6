using System.Diagnostics;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>
/// One partition under its owner: accepts messages into the bronze log, applies what is durable to the state, and
/// commits (bronze, silver, snapshot, one manifest, gold). Live and after a restart rows go through the same
/// <see cref="Apply(LogFrame, KeyDecision[])"/>.
/// </summary>
/// <remarks>
/// Two gates, always taken in this order: <c>_applyGate</c> (state, pending rows, commit) and <c>_acceptGate</c> (the
/// order of the log is the order of the queue). Fsync happens outside both.
/// Memory: rows that wait to be published are bounded by <see cref="PendingRows"/>; whoever applies beyond that commits
/// first. A partition whose log is closed (its fsync failed) stays so: another one takes its place, see
/// <see cref="OwnedPartition"/>.
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
    private readonly PendingRows _pending;
    private readonly Queue<Accepted> _accepted = new();
    private readonly Lock _applyGate = new();
    private readonly Lock _acceptGate = new();
    private LakeState _state = new(LakeReports.All);
    private BatchApplier _applier;
    private bool _isLoaded;
    private bool _isApplying;
    private CommitDraft? _unfinished;
    private bool _isGoldBehind;
    private LogPosition _applied;
    private long _acceptedRows;
    private long _acceptedBytes;
    private long _rejected;
    private double _commitMs;
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
        _applied = partition.Current.Applied;
        OpenedAt = partition.End;
        _rejected = partition.Ledger.Total.Rejected;
    }

    /// <summary>The owner that this is.</summary>
    internal Epoch Epoch => _partition.Epoch;

    /// <summary>What the log has consumed so far.</summary>
    internal Registry Registry => _partition.Registry;

    internal LakeStatus Status
    {
        get
        {
            lock (_applyGate)
            {
                Manifest current = _partition.Current;
                return new LakeStatus
                {
                    Accepted = _partition.End.Offset,
                    Durable = _partition.Durable.Offset,
                    Applied = _applied.Offset,
                    Published = current.Applied.Offset,
                    Rejected = _rejected,
                    RejectedOpen = _partition.RejectedCount - _partition.Registry.MendedCount,
                    Ledger = _isApplying ? LedgerNow().Total : _partition.Ledger.Total,
                    CommitNumber = current.Number,
                    CommitMs = _commitMs,
                    FsyncMs = Volatile.Read(ref _fsyncMs),
                    Files = _partition.Files.Count,
                    Keys = _isLoaded ? _state.KeyCount : _partition.Ledger.Total.Deduplicated,
                    PendingRows = _pending.Count,
                };
            }
        }
    }

    /// <summary>Writes a frame to the log. It is acknowledged only after <see cref="Flush"/>.</summary>
    internal AppendedFrame Accept(FrameContent content, IReadOnlyList<MessageBatch>? foreignRows = null)
    {
        if (content.Rejections.Count > 0)
        {
            content = content with { WrittenAt = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond };
        }

        using EncodedFrame encoded = EncodedFrame.Of(content);
        lock (_acceptGate)
        {
            AppendedFrame frame = _partition.Append(content, encoded);
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

    /// <summary>Whether more waits to be applied than memory has room for.</summary>
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
            lock (_applyGate)
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
        lock (_applyGate)
        {
            ThrowIfClosed();
            if (_isApplying)
            {
                return true;
            }

            Load();
            lock (_acceptGate)
            {
                // Behind the gate, so that every frame is either read here or queued.
                _partition.Flush();
                foreach (LogFrame frame in _partition.ReadUnapplied())
                {
                    if (frame.End <= _applied)
                    {
                        // A call that was cancelled applied it already.
                        continue;
                    }

                    Apply(frame);
                    if (cancellationToken.IsCancellationRequested)
                    {
                        return false;
                    }
                }

                _isApplying = true;
                return true;
            }
        }
    }

    /// <summary>Brings the state to the newest commit. What follows it comes by <see cref="TryApply"/>.</summary>
    internal void Load()
    {
        lock (_applyGate)
        {
            if (_isLoaded)
            {
                return;
            }

            // Anew: a call that failed may have left the half of a snapshot.
            _state = new LakeState(LakeReports.All);
            _applier = new BatchApplier(_state, _zone, _work);
            foreach (byte[] snapshot in _partition.ReadSnapshot())
            {
                _state.Import(snapshot);
            }

            _state.MarkExported();
            _isLoaded = true;
        }
    }

    /// <summary>
    /// Applies a durable frame that a host brings (see <see cref="ReadFrames"/>), if it is the next one; one that was
    /// applied already is passed over. Commits on the way where memory asks for it.
    /// </summary>
    /// <returns>False if frames are missing before it: read the log from <see cref="Applied"/>.</returns>
    /// <param name="frame">The frame.</param>
    /// <param name="decisions">What was decided about each of its messages; null if the state is to decide.</param>
    internal bool TryApply(LogFrame frame, KeyDecision[]? decisions = null)
    {
        lock (_applyGate)
        {
            if (frame.Start.Sequence > _applied.Sequence)
            {
                return false;
            }

            if (_unfinished is not null)
            {
                Commit(withGold: false);
            }

            Apply(frame, decisions);
            return true;
        }
    }

    /// <summary>What is known of messages: the first occurrences of each, in the order of the ids.</summary>
    internal List<MessageOccurrence>[] Find(IReadOnlyList<byte[]> messageIds)
    {
        lock (_applyGate)
        {
            return [.. messageIds.Select(id => _state.Find(id))];
        }
    }

    /// <summary>The durable frames of the log from a place on that is not before the newest commit.</summary>
    internal IEnumerable<LogFrame> ReadFrames(LogPosition from) => _partition.ReadFrames(from);

    /// <summary>Up to where the reports count.</summary>
    internal LogPosition Applied
    {
        get
        {
            lock (_applyGate)
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
    /// Whether commits write gold. In a lake of many partitions they do not: the host puts it together from what each
    /// has <see cref="Committed"/>.
    /// </summary>
    internal bool PublishesGold { get; init; } = true;

    /// <summary>The reports as of the newest commit, where the host publishes gold. Null: nothing was committed since it was opened.</summary>
    internal CommittedReports? Committed { get; private set; }

    /// <summary>The reports and the counts at one moment.</summary>
    internal PartitionReading Read(params IReadOnlyList<ReportDefinition> reports)
    {
        lock (_applyGate)
        {
            return new PartitionReading(_applied, _partition.Current.Generation, LedgerNow(), [.. reports.Select(_state.Part)]);
        }
    }

    /// <summary>Applies accepted frames that are durable. Commits on the way where memory asks for it.</summary>
    internal void ApplyDurable()
    {
        lock (_applyGate)
        {
            ThrowIfClosed();
            if (_unfinished is not null)
            {
                // Before anything more is applied: it is tried again as it was.
                Commit(withGold: false);
            }

            LogPosition durable = _partition.Durable;
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

                Apply(next.Frame, next.Content.RejectedSource, next.Content.Rejections, next.Content.WrittenAt, next.Content.Consumed, BatchesOf(next));

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

    /// <summary>Publishes what is applied, gold included.</summary>
    internal void Commit()
    {
        lock (_applyGate)
        {
            ThrowIfClosed();
            if (_unfinished is not null || _applied != _partition.Current.Applied)
            {
                Commit(withGold: true);
            }
            else if (_isGoldBehind && PublishesGold)
            {
                PublishGold(ReportTables());
            }
            else if (!PublishesGold && (_isGoldBehind || Committed is null))
            {
                Committed = new CommittedReports(_partition.Current, _partition.Ledger, _partition.PublishedMendedCount, ReportParts());
                _isGoldBehind = false;
            }
        }
    }

    /// <summary>Writes gold again if it is not of the newest manifest: a crash may have come between the two.</summary>
    internal void RepairGold()
    {
        lock (_applyGate)
        {
            Manifest current = _partition.Current;
            if (current.Number == 0)
            {
                return;
            }

            // Looked at even where a commit will write it: gold of a newer version is refused before anything is.
            bool isUpToDate = GoldPublisher.IsUpToDate(_store, current);
            if (_applied == current.Applied && !isUpToDate)
            {
                PublishGold(ReportTables());
            }
        }
    }

    internal ReportTable Report(ReportDefinition definition)
    {
        lock (_applyGate)
        {
            if (!_isClosed || !_isLoaded)
            {
                StartApplying(CancellationToken.None);
            }

            return _state.Report(definition);
        }
    }

    /// <summary>
    /// Where rejected records are as of the log's durable end: the data files, and the frames that are not in them yet
    /// (without their rows).
    /// </summary>
    internal (IReadOnlyList<DataFile> Files, IReadOnlyList<LogFrame> Frames) Quarantined()
    {
        lock (_applyGate)
        {
            // Behind the gate no commit comes between the two.
            _partition.Flush();
            return ([.. _partition.Files.Values], [.. _partition.ReadUnapplied().Where(frame => frame.Rejections.Count > 0).Select(frame => frame with { Rows = null })]);
        }
    }

    /// <summary>Deletes everything and starts empty; the partition is to be opened anew after it.</summary>
    internal void StartEmptyGeneration() => _partition.StartEmptyGeneration();

    /// <summary>Where the log ended when it was opened: all of that was durable.</summary>
    internal LogPosition OpenedAt { get; }

    /// <summary>Whether the log takes nothing more, because an fsync failed or another owner came.</summary>
    internal bool IsClosed => _isClosed || _partition.Failure is not null;

    /// <summary>Whether it belongs to another process now.</summary>
    internal bool IsLost => _partition.Failure is OwnershipLostException;

    /// <summary>
    /// Of a partition that another one has replaced: up to where it found what had been appended here. That is durable,
    /// and nothing behind it is.
    /// </summary>
    internal LogPosition? Survived { get; set; }

    /// <summary>Whether what stands before a place may be acknowledged.</summary>
    internal bool IsAcknowledged(LogPosition end) => end <= (Survived ?? _partition.Durable);

    public void Dispose()
    {
        lock (_applyGate)
        {
            // Behind the gate, so that no commit is under way.
            _isClosed = true;
            _partition.Dispose();
        }
    }

    // A commit that memory asks for leaves gold to the trigger's: reports are derived, and cost what the lake has users.
    private void Commit(bool withGold)
    {
        long started = Stopwatch.GetTimestamp();
        ReportTable[] tables = [];
        ReportPart[]? parts = null;
        bool withParts = withGold && !PublishesGold;
        withGold &= PublishesGold;
        if (_unfinished is null)
        {
            SnapshotDraft? snapshot = null;

            // The state stands still meanwhile, so its snapshot and its reports are made beside the files.
            List<NewDataFile> files = new CommitFiles(_store, _partition, _countries, _work).Write(
                _pending.Batches, _pending.Rejected, () => snapshot = Snapshot(), () => tables = withGold ? ReportTables() : [],
                () => parts = withParts ? ReportParts() : null);
            _unfinished = new CommitDraft { Applied = _applied, Ledger = LedgerNow(), Files = files, Snapshot = snapshot };
        }
        else if (withGold)
        {
            tables = ReportTables();
        }
        else if (withParts)
        {
            parts = ReportParts();
        }

        _partition.Commit(_unfinished);
        _unfinished = null;
        _state.MarkExported();
        _pending.Clear();
        _isGoldBehind = true;
        if (withGold)
        {
            PublishGold(tables);
        }
        else if (parts is not null)
        {
            Committed = new CommittedReports(_partition.Current, _partition.Ledger, _partition.PublishedMendedCount, parts);
            _isGoldBehind = false;
        }

        _commitMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private ReportTable[] ReportTables() => [.. LakeReports.All.Select(_state.Report)];

    private ReportPart[] ReportParts() => [.. LakeReports.All.Select(_state.Part)];

    private void PublishGold(ReportTable[] tables)
    {
        GoldPublisher.Publish(_partition, tables, _work);
        _isGoldBehind = false;
    }

    private SnapshotDraft Snapshot()
    {
        bool isBase = _partition.NeedsSnapshotBase;
        using SnapshotWriter writer = _partition.CreateSnapshot(isBase);
        if (isBase)
        {
            _state.ExportAll(writer);
        }
        else
        {
            _state.ExportChanges(writer);
        }

        return writer.Complete();
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

    private IEnumerable<MessageBatch> BatchesOf(Accepted accepted) =>
        accepted.ForeignRows
        ?? (accepted.Content.Consumed is Consumed.ForeignFile { Refused: null } foreign ? ForeignBronze.Reread(_store, foreign, _zone, _work)
        : accepted.Content.Rows is { } rows ? [rows] : []);

    // What was read back from the log.
    private void Apply(LogFrame frame, KeyDecision[]? decisions = null) => Apply(
        new AppendedFrame(frame.Start, frame.End),
        frame.RejectedSource,
        frame.Rejections,
        frame.WrittenAt,
        frame.Consumed,
        frame.Consumed is Consumed.ForeignFile { Refused: null } foreign ? ForeignBronze.Reread(_store, foreign, _zone, _work)
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

        if (_unfinished is not null)
        {
            // What waits belongs to it: rows that were added now would be cleared with its own, and be in no file.
            Commit(withGold: false);
        }

        _pending.Add(frame.Start.Sequence, writtenAt, rejectedSource, rejections);
        _rejected += rejections.Count;
        bool isInBronze = consumed is Consumed.ForeignFile;
        long offset = frame.Start.Offset;
        foreach (MessageBatch batch in batches)
        {
            // Rows that an earlier commit published already: it came in the middle of a foreign file.
            if (offset >= _applied.Offset)
            {
                AppliedBatch applied = _applier.Apply(batch, offset, isInBronze, decisions);
                OnApplied(applied);
                _pending.Add(applied);
                _applied = new LogPosition(frame.Start.Sequence, offset + batch.Count);
            }

            offset += batch.Count;
            if (_pending.IsFull)
            {
                if (offset == frame.End.Offset)
                {
                    _applied = frame.End;
                }

                Commit(withGold: false);
            }
        }

        if (offset != frame.End.Offset)
        {
            throw new InvalidOperationException($"frame {frame.Start.Sequence} holds {offset - frame.Start.Offset} rows, not {frame.End.Offset - frame.Start.Offset}");
        }

        _applied = frame.End;
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new LogClosedException("the partition is being opened again");
        }
    }
}
