using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// The applied part of a partition: the state, the rows that wait to be published, and how far both are. Everything is read and changed within
/// <see cref="Gate"/>, except that the one who applies reads what only it changes.
/// </summary>
internal sealed class PartitionState(PartitionStore store, PartitionSettings settings)
{
    private long? _newestMicros;
    private long _appliedOffset;
    private volatile bool _isClosed;

    /// <summary>Gets the gate. Held for a batch, a read or a copy, never while anything is written.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Gets or sets the first occurrences and the reports.</summary>
    internal LakeState State { get; private set; } = new(settings.Reports);

    /// <summary>Gets a value indicating whether the state is that of the newest commit, or later.</summary>
    internal bool IsLoaded { get; private set; }

    /// <summary>Gets or sets the rows that wait to be published.</summary>
    internal PendingRows Pending { get; set; } = new(settings.PendingRowsMax);

    /// <summary>Gets or sets the place up to which everything is applied.</summary>
    internal LogPosition Applied { get; set; } = store.Current.Applied;

    /// <summary>Gets or sets the number of records that were rejected so far.</summary>
    internal long Rejected { get; set; } = store.Ledger.Total.Rejected;

    /// <summary>Gets or sets the cut whose files are being written; with a draft it is tried until it is published.</summary>
    internal CommitCut? Committing { get; set; }

    /// <summary>Gets or sets the newest commit as readers see it.</summary>
    internal PublishedLake Published { get; set; } = PublishedLake.Of(store);

    /// <summary>Gets the counts.</summary>
    internal Ledger Ledger => State.Ledger.WithRejected(Rejected);

    /// <summary>Gets the offset up to which messages are applied, without waiting for an apply or a commit under way.</summary>
    internal long AppliedOffsetSeen => Volatile.Read(ref _appliedOffset);

    /// <summary>Gets a value indicating whether the partition was closed.</summary>
    internal bool IsClosed => _isClosed;

    /// <summary>Closes it: nothing is applied or committed any more.</summary>
    internal void Close() => _isClosed = true;

    /// <exception cref="LogClosedException">The partition was closed.</exception>
    internal void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new LogClosedException("the partition is being opened again");
        }
    }

    /// <summary>Puts the state of the newest commit in its place.</summary>
    internal void Load(LakeState state)
    {
        lock (Gate)
        {
            State = state;
            IsLoaded = true;
        }
    }

    /// <summary>Copies all reports. To be called within the gate.</summary>
    internal ReportCopy[] CopyReports() => [.. State.Reports.Select(State.Copy)];

    /// <summary>Keeps the newest timestamp from now on.</summary>
    internal void KeepNewest()
    {
        lock (Gate)
        {
            _newestMicros ??= State.NewestTimestamp() ?? long.MinValue;
            Volatile.Write(ref _appliedOffset, Applied.Offset);
        }
    }

    /// <summary>Reads the partition while it stands still.</summary>
    internal T Look<T>(Func<PartitionVersion, T> look)
    {
        lock (Gate)
        {
            return look(new PartitionVersion(
                State, Published.Manifest.Generation, Applied, Rejected,
                _newestMicros is { } newest and not long.MinValue ? newest : null,
                Committing is { } cut ? cut.Rows.Batches.Concat(Pending.Batches) : Pending.Batches, Published.Files));
        }
    }

    /// <summary>Adds rows that were applied to those that wait. To be called within the gate.</summary>
    internal void Add(AppliedBatch applied)
    {
        NoteNewest(applied);
        Pending.Add(applied);
    }

    private void NoteNewest(AppliedBatch applied)
    {
        if (_newestMicros is { } newest)
        {
            NumberColumn<long> timestamps = applied.Batch.Timestamps;
            ReadOnlySpan<long> values = timestamps.Values;
            for (int row = 0; row < values.Length; row++)
            {
                if (values[row] > newest && applied.IsCorrupted[row] == 0 && !timestamps.IsNull(row))
                {
                    newest = values[row];
                }
            }

            _newestMicros = newest;
            Volatile.Write(ref _appliedOffset, applied.FirstOffset + applied.Batch.Count);
        }
    }
}
