using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Engine.Tracing;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// Applies what is durable, in the order of the log: the one place where that happens. Live, read back from the log or brought by a
/// host, rows go through the same <see cref="Apply(LogFrame, ExternalFileRows, KeyDecision[])"/>. A caller that asks while another applies waits
/// for its turn, and finds it done.
/// </summary>
internal sealed class PartitionApplier(
    ILakeStore store, PartitionStore partition, PartitionSettings settings, PartitionState state, PartitionWriter writer, PartitionCommitter committer, TracedSends traced)
{
    private readonly Lock _turnGate = new();
    private BatchApplier _applier = new(state.State, settings.Zone, settings.Work);

    /// <summary>Starts applying and notifies from now on when there is more to apply. The newest timestamp is kept from now on, too.</summary>
    internal void GoLive(Action durableAdvanced)
    {
        lock (_turnGate)
        {
            StartApplying(CancellationToken.None);
            state.KeepNewest();
            writer.Tell(durableAdvanced);
        }
    }

    /// <summary>Runs something while nothing is applied.</summary>
    internal void BetweenTurns(Action action)
    {
        lock (_turnGate)
        {
            action();
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
            state.ThrowIfClosed();
            if (writer.IsKeeping)
            {
                return true;
            }

            // What the log holds now, while more is accepted; then what that was, while nothing is.
            Load();
            if (!ApplyLog(cancellationToken))
            {
                return false;
            }

            return writer.TryKeep(() => partition.End <= state.Applied || ApplyLog(cancellationToken));
        }
    }

    /// <summary>Brings the state to the newest commit. What follows it comes by <see cref="TryApply"/>.</summary>
    internal void Load()
    {
        lock (_turnGate)
        {
            if (state.IsLoaded)
            {
                return;
            }

            // From the start: a call that failed may have left the half of a snapshot.
            LakeState loaded = SnapshotState.Of(partition.ReadSnapshot(), settings.Reports);
            loaded.MarkExported();
            state.Load(loaded);
            _applier = new BatchApplier(loaded, settings.Zone, settings.Work);
        }
    }

    /// <summary>
    /// Applies a durable frame that a host brings (see <see cref="LakePartition.ReadFrames"/>), if it is the next one; one that was
    /// applied already is passed over. Commits on the way where memory asks for it.
    /// </summary>
    /// <returns>False if frames are missing before it: read the log from <see cref="LakePartition.Applied"/>.</returns>
    /// <param name="frame">The frame.</param>
    /// <param name="decisions">What was decided about each of its messages; null if the state is to decide.</param>
    /// <exception cref="InvalidOperationException">The state was not loaded (<see cref="Load"/>): what is applied to it would be forgotten then.</exception>
    internal bool TryApply(LogFrame frame, KeyDecision[]? decisions = null)
    {
        lock (_turnGate)
        {
            if (!state.IsLoaded)
            {
                throw new InvalidOperationException("the state is loaded before anything is applied to it");
            }

            if (frame.Start.Sequence > state.Applied.Sequence)
            {
                return false;
            }

            Apply(frame, Taken(), decisions);
            return true;
        }
    }

    /// <summary>Applies accepted frames that are durable. Commits on the way where memory asks for it.</summary>
    internal void ApplyDurable()
    {
        lock (_turnGate)
        {
            state.ThrowIfClosed();
            LogPosition durable = partition.Durable;
            using RootSpan span = traced.StartApply(durable.Offset);
            ExternalFileRows? taken = null;
            while (writer.TryPeek(durable, out Accepted next))
            {
                Apply(next.Frame, next.Content.RejectedSource, next.Content.Rejections, next.Content.WrittenAt, next.Content.SourceProgress, BatchesOf(next, taken ??= Taken()));

                // Only now: a commit on the way may fail, and then the frame's other rows are still to come.
                writer.Drop();
            }
        }
    }

    private IEnumerable<MessageBatch> BatchesOf(Accepted accepted, ExternalFileRows taken) =>
        accepted.ExternalRows
        ?? (accepted.Content.SourceProgress is SourceProgress.ExternalBronzeFile { Refused: null } external ? RowsOf(taken, external, accepted.Frame.Start.Offset)
        : accepted.Content.Rows is { } rows ? [rows] : []);

    private ExternalFileRows Taken() => new(store, settings.Share, settings.Zone, settings.Reports.Ids, settings.Work);

    private IEnumerable<MessageBatch> RowsOf(ExternalFileRows taken, SourceProgress.ExternalBronzeFile file, long firstOffset) =>
        taken.ReadToApply(new ExternalFileEntry(file, firstOffset), () => state.Applied.Offset, settings.External.Lose);

    // What was read back from the log.
    private void Apply(LogFrame frame, ExternalFileRows taken, KeyDecision[]? decisions = null) => Apply(
        new AppendedFrame(frame.Start, frame.End),
        frame.RejectedSource,
        frame.Rejections,
        frame.WrittenAt,
        frame.SourceProgress,
        frame.SourceProgress is SourceProgress.ExternalBronzeFile { Refused: null } external ? RowsOf(taken, external, frame.FirstOffset)
        : frame.Rows is { } rows ? [rows] : [],
        decisions);

    private void Apply(
        AppendedFrame frame, string rejectedSource, IReadOnlyList<Rejection> rejections, long writtenAt, SourceProgress consumed, IEnumerable<MessageBatch> batches,
        KeyDecision[]? decisions = null)
    {
        if (frame.End <= state.Applied)
        {
            return;
        }

        // A commit may have come in the middle of the frame of an external file: what it published is not applied again.
        bool isBegun = state.Applied.Sequence == frame.Start.Sequence && state.Applied.Offset > frame.Start.Offset;
        bool isInBronze = consumed is SourceProgress.ExternalBronzeFile;
        long offset = frame.Start.Offset;
        foreach ((MessageBatch whole, MessageBatch? next) in WithNext(batches.Where(static batch => batch.Count > 0)))
        {
            // A file that has been away may come in other pieces than those of which a commit has the first.
            MessageBatch batch = whole;
            if (offset < state.Applied.Offset && state.Applied.Offset < offset + whole.Count)
            {
                batch = whole.From((int)(state.Applied.Offset - offset));
                offset = state.Applied.Offset;
            }

            if (offset >= state.Applied.Offset)
            {
                committer.WaitForCapacity();
                AppliedBatch[] small;
                lock (state.Gate)
                {
                    state.ThrowIfClosed();
                    AppliedBatch applied = _applier.Apply(batch, offset, isInBronze, decisions, next);
                    state.Add(applied);
                    long end = offset + batch.Count;
                    Advance(end == frame.End.Offset ? frame.End : new LogPosition(frame.Start.Sequence, end));
                    small = state.Pending.SmallBatches();
                }

                if (small.Length > 0)
                {
                    Merge(small);
                }
            }

            offset += batch.Count;
            committer.WaitForCapacity();
        }

        if (offset != frame.End.Offset)
        {
            throw new InvalidOperationException($"frame {frame.Start.Sequence} holds {offset - frame.Start.Offset} rows, not {frame.End.Offset - frame.Start.Offset}");
        }

        if (state.Applied < frame.End)
        {
            lock (state.Gate)
            {
                state.ThrowIfClosed();
                Advance(frame.End);
            }
        }

        // What was rejected becomes visible with the frame's first rows.
        void Advance(LogPosition end)
        {
            if (!isBegun)
            {
                isBegun = true;
                state.Pending.Add(frame.Start.Sequence, writtenAt, rejectedSource, rejections);
                state.Rejected += rejections.Count;
            }

            state.Applied = end;
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
        lock (state.Gate)
        {
            state.Pending.Replace(small, merged);
        }
    }

    // False if it was cancelled between two frames.
    private bool ApplyLog(CancellationToken cancellationToken)
    {
        partition.Flush();
        ExternalFileRows taken = Taken();
        foreach (LogFrame frame in partition.ReadFrames(state.Applied))
        {
            if (frame.End <= state.Applied)
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
}
