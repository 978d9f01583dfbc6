using System.Diagnostics;
using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Engine.Tracing;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// One partition under its owner: accepts messages into the bronze log, applies what is durable to the state, and
/// commits (bronze, silver, snapshot, one manifest, gold).
/// </summary>
/// <remarks>
/// It composes the writer, the applier and the committer over one state. Locks, always acquired in this order:
/// <list type="number">
/// <item><see cref="PartitionApplier"/>'s turn: one at a time applies, so that frames are applied in order; held over commits on the way.</item>
/// <item><see cref="PartitionWriter"/>'s: the order of the log is the order of the queue.</item>
/// <item><see cref="PartitionCommitter"/>'s: one commit at a time, from its cut to its manifest and gold.</item>
/// <item><see cref="PartitionState.Gate"/>: the state, the rows that wait, and how far both are. Held for a batch, a read or a copy,
/// never while anything is written: applying and reading continue while a commit's files are.</item>
/// </list>
/// Fsync of the log happens outside all of them.
/// Memory: rows that wait to be published, those of a commit under way included, are bounded by <see cref="PendingRows"/>;
/// applying beyond that waits for the commit, or commits. A partition whose log is closed (its fsync failed) stays
/// so: another one takes its place, see <see cref="OwnedPartition"/>.
/// </remarks>
internal sealed class LakePartition : IDisposable
{
    private readonly PartitionStore _partition;
    private readonly PartitionSettings _settings;
    private readonly PartitionState _state;
    private readonly PartitionWriter _writer;
    private readonly PartitionCommitter _committer;
    private readonly PartitionApplier _applier;

    internal LakePartition(ILakeStore store, PartitionStore partition, PartitionSettings settings)
    {
        var traced = new TracedSends();
        Store = store;
        _partition = partition;
        _settings = settings;
        _state = new PartitionState(partition, settings);
        _writer = new PartitionWriter(partition, settings, traced);
        _committer = new PartitionCommitter(store, partition, settings, _state, traced);
        _applier = new PartitionApplier(store, partition, settings, _state, _writer, _committer, traced);
        OpenedAt = partition.End;
    }

    /// <summary>Gets the partition's share of external bronze files.</summary>
    internal PartitionSlice Share => _settings.Share;

    /// <summary>Gets the observer of these files.</summary>
    internal ExternalBoard External => _settings.External;

    /// <summary>Gets the columns that the lake adds.</summary>
    internal AddedData Added => _settings.Added;

    /// <summary>Gets the clock.</summary>
    internal TimeProvider Clock => _settings.Clock;

    /// <summary>Gets the owner that this is.</summary>
    internal Epoch Epoch => _partition.Epoch;

    /// <summary>Gets the progress of sources as of the log's end.</summary>
    internal Registry Registry => _partition.Registry;

    internal LakeStatus Status
    {
        get
        {
            lock (_state.Gate)
            {
                Manifest current = _state.Published.Manifest;
                return new LakeStatus
                {
                    Accepted = _partition.End.Offset,
                    Durable = _partition.Durable.Offset,
                    Applied = _state.Applied.Offset,
                    Published = current.Applied.Offset,
                    Rejected = _state.Rejected,
                    RejectedUnresolved = _partition.RejectedCount - _partition.Registry.SettledCount,
                    Ledger = _writer.IsKeeping ? _state.Ledger.Total : _state.Published.Ledger.Total,
                    CommitNumber = current.Number,
                    CommitMs = _committer.CommitMs,
                    FsyncMs = _writer.FsyncMs,
                    Files = _state.Published.Files.Count,
                    Keys = _state.IsLoaded ? _state.State.KeyCount : _state.Published.Ledger.Total.Deduplicated,
                    PendingRows = _state.Pending.Count + (_state.Committing?.Rows.Count ?? 0),
                    ExternalFiles = External.Unsettled,
                };
            }
        }
    }

    /// <summary>Writes a frame to the log. It is acknowledged only after <see cref="Flush"/>.</summary>
    internal AppendedFrame Accept(FrameContent content, IReadOnlyList<MessageBatch>? externalRows = null, IReadOnlyList<ActivityContext>? requests = null) =>
        _writer.Accept(content, externalRows, requests);

    /// <inheritdoc cref="PartitionWriter.Dated"/>
    internal FrameContent Dated(FrameContent content) => _writer.Dated(content);

    /// <summary>
    /// Makes durable what was accepted before the call; one fsync serves every caller that waits. Where more rows wait
    /// to be applied than fits in memory, the caller applies them before it continues.
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
    internal void FlushOnly() => _writer.Flush();

    /// <summary>Gets a value indicating whether more waits to be applied than fits in memory.</summary>
    internal bool IsBehind => _writer.IsBehind;

    /// <summary>Gets the offset up to which live reports show the messages.</summary>
    internal long AppliedOffset => Applied.Offset;

    /// <summary>
    /// Brings the state to where the log ends: the snapshot, then the frames after it. From then on what is accepted
    /// is applied by <see cref="ApplyDurable"/>.
    /// </summary>
    /// <returns>False if it was cancelled between two frames: those before can be committed.</returns>
    internal bool StartApplying(CancellationToken cancellationToken) => _applier.StartApplying(cancellationToken);

    /// <summary>Brings the state to the newest commit. What follows it comes by <see cref="TryApply"/>.</summary>
    internal void Load() => _applier.Load();

    /// <summary>
    /// Applies a durable frame that a host brings (see <see cref="ReadFrames"/>), if it is the next one; one that was
    /// applied already is passed over. Commits on the way where memory asks for it.
    /// </summary>
    /// <returns>False if frames are missing before it: read the log from <see cref="Applied"/>.</returns>
    /// <param name="frame">The frame.</param>
    /// <param name="decisions">What was decided about each of its messages; null if the state is to decide.</param>
    /// <exception cref="InvalidOperationException">The state was not loaded (<see cref="Load"/>): what is applied to it would be forgotten then.</exception>
    internal bool TryApply(LogFrame frame, KeyDecision[]? decisions = null) => _applier.TryApply(frame, decisions);

    /// <summary>Returns the occurrences of messages: the first occurrences of each, in the order of the ids.</summary>
    internal List<MessageOccurrence>[] Find(IReadOnlyList<byte[]> messageIds)
    {
        lock (_state.Gate)
        {
            return [.. messageIds.Select(id => _state.State.Find(id))];
        }
    }

    /// <summary>Returns, of each message's key, the offset of the copy that counts now; -1 where none does.</summary>
    internal long[] FindOffsets(MessageBatch batch)
    {
        var offsets = new long[batch.Count];
        lock (_state.Gate)
        {
            _state.State.FindOffsets(batch, offsets);
        }

        return offsets;
    }

    /// <summary>Returns the durable frames of the log from a place on that is not before the newest commit.</summary>
    internal IEnumerable<LogFrame> ReadFrames(LogPosition from) => _partition.ReadFrames(from);

    /// <summary>Gets the position up to which the reports count.</summary>
    internal LogPosition Applied
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Applied;
            }
        }
    }

    /// <summary>Gets the position up to which the log is durable.</summary>
    internal LogPosition Durable => _partition.Durable;

    /// <summary>Gets the newest commit.</summary>
    internal Manifest Current => _partition.Current;

    /// <summary>Gets the reports as of the newest commit, where the host publishes gold. Null: nothing was committed since it was opened.</summary>
    internal CommittedReports? Committed => _committer.Committed;

    /// <summary>Checks in the store whether there is a later owner: nothing new comes here then.</summary>
    /// <exception cref="OwnershipLostException">There is.</exception>
    internal void CheckOwnership() => _partition.CheckOwnership();

    /// <summary>Returns the reports and the counts at one version.</summary>
    internal PartitionReading Read(params IReadOnlyList<ReportDefinition> reports)
    {
        LogPosition applied;
        Ledger ledger;
        ReportCopy[] copies;
        lock (_state.Gate)
        {
            (applied, ledger, copies) = (_state.Applied, _state.Ledger, [.. reports.Select(_state.State.Copy)]);
        }

        return new PartitionReading(applied, _partition.Current.Generation, ledger, ReportCopies.Make(copies, static copy => copy.Part()));
    }

    /// <summary>Applies accepted frames that are durable. Commits on the way where memory asks for it.</summary>
    internal void ApplyDurable() => _applier.ApplyDurable();

    /// <summary>Returns a report as of now, with everything that is accepted.</summary>
    internal ReportTable Report(ReportDefinition definition) => Report(definition, static copy => copy.Table());

    /// <summary>Returns the same, to be added to those of other partitions.</summary>
    internal ReportPart ReportPart(ReportDefinition definition) => Report(definition, static copy => copy.Part());

    private T Report<T>(ReportDefinition definition, Func<ReportCopy, T> make)
    {
        if (!_state.IsClosed || !_state.IsLoaded)
        {
            StartApplying(CancellationToken.None);
        }

        ReportCopy copy;
        lock (_state.Gate)
        {
            copy = _state.State.Copy(definition);
        }

        return ReportCopies.Make([copy], make)[0];
    }

    /// <summary>
    /// Returns the places of rejected records as of the log's durable end: the data files, and the frames that are not in them yet
    /// (without their rows).
    /// </summary>
    internal (IEnumerable<DataFile> Files, IEnumerable<LogFrame> Frames) Quarantined() => _committer.BetweenCommits(() =>
    {
        // No commit comes between the two.
        _partition.Flush();
        return ((IEnumerable<DataFile>)[.. _partition.Files.Values], (IEnumerable<LogFrame>)[.. _partition.ReadUnapplied().Where(frame => frame.Rejections.Count > 0).Select(frame => frame with { Rows = null })]);
    });

    /// <summary>Deletes everything and starts empty; the partition is to be reopened after it.</summary>
    internal void StartEmptyGeneration() => _partition.StartEmptyGeneration();

    /// <summary>Gets the offset of the log's end when it was opened: all of that was durable.</summary>
    internal LogPosition OpenedAt { get; }

    /// <summary>Gets a value indicating whether the log is closed, because an fsync failed or another owner came.</summary>
    internal bool IsClosed => _state.IsClosed || _partition.Failure is not null;

    /// <summary>Gets a value indicating whether it belongs to another process now.</summary>
    internal bool IsLost => _partition.Failure is OwnershipLostException;

    /// <summary>Gets a value indicating whether the newest commit names bronze files of the lake's own.</summary>
    internal bool HasBronzeFiles => _state.Published.Files.Keys.Any(static path => path.StartsWith(LakePaths.BronzeData, StringComparison.Ordinal));

    /// <summary>Gets the damage that its owner met; to open it again would make something else in its place.</summary>
    internal CorruptDataException? Damage => _partition.Failure as CorruptDataException;

    /// <summary>
    /// Gets or sets, of a partition that another one has replaced, the position up to which that one found what had been appended
    /// here. That is durable,
    /// and nothing behind it is.
    /// </summary>
    internal LogPosition? DurableEndAfterReopen { get; set; }

    /// <summary>Returns whether what is before a place may be acknowledged.</summary>
    internal bool IsAcknowledged(LogPosition end) => end <= (DurableEndAfterReopen ?? _partition.Durable);

    /// <inheritdoc cref="PartitionCommitter.Commit"/>
    internal void Commit(ParallelWork? work = null) => _committer.Commit(work);

    /// <inheritdoc cref="PartitionCommitter.RepairGold"/>
    internal void RepairGold() => _committer.RepairGold();

    /// <inheritdoc cref="PartitionCommitter.ColumnNames"/>
    internal IReadOnlyList<ReportNames> ColumnNames => _committer.ColumnNames;

    /// <inheritdoc cref="PartitionCommitter.Named"/>
    internal ReportTable Named(ReportTable report) => _committer.Named(report);

    /// <inheritdoc cref="PartitionCommitter.KeepNames"/>
    internal Manifest KeepNames(IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportNames>? before = null) => _committer.KeepNames(tables, before);

    /// <summary>Gets the lake's generation.</summary>
    internal long Generation => _partition.Current.Generation;

    /// <summary>Gets the store of the files.</summary>
    internal ILakeStore Store { get; }

    /// <summary>Gets the reports that it counts.</summary>
    internal ReportCatalog Reports => _settings.Reports;

    /// <inheritdoc cref="PartitionState.AppliedOffsetSeen"/>
    internal long AppliedOffsetSeen => _state.AppliedOffsetSeen;

    /// <inheritdoc cref="PartitionApplier.GoLive"/>
    internal void GoLive(Action durableAdvanced) => _applier.GoLive(durableAdvanced);

    /// <summary>Keeps the newest timestamp from now on, for a host that brings the frames itself. The state must be there.</summary>
    internal void KeepNewest() => _state.KeepNewest();

    /// <inheritdoc cref="PartitionState.Look"/>
    internal T Look<T>(Func<PartitionVersion, T> look) => _state.Look(look);

    /// <inheritdoc/>
    public void Dispose() => _applier.BetweenTurns(() => _committer.BetweenCommits(() =>
    {
        // Nothing is being applied and no commit is under way.
        _state.Close();
        _partition.Dispose();
        return true;
    }));
}
