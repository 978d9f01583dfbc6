using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Tracing;
using OrleansLake.Storage.Snapshots;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// Commits, in three steps: a cut of everything at one moment, under the state's gate; its files, while the partition goes
/// on; the manifest, after which the cut's rows wait no longer. One commit at a time, from its cut to its manifest and gold.
/// </summary>
internal sealed class PartitionCommitter(ILakeStore store, PartitionStore partition, PartitionSettings settings, PartitionState state, TracedSends traced)
{
    private readonly Lock _commitGate = new();
    private readonly Lock _namesGate = new();
    private IReadOnlyList<ReportNames> _given = [];    // what readers have seen, whether a commit keeps it yet or not
    private readonly ConcurrentDictionary<string, KeptNames> _seen = new(StringComparer.Ordinal);    // the same by report, to be asked without the gate
    private CommitDraft? _keeping;    // names of columns that are tried to be kept
    private bool _isGoldBehind;
    private double _commitMs;

    /// <summary>Gets the duration of the newest commit.</summary>
    internal double CommitMs => Volatile.Read(ref _commitMs);

    /// <summary>Gets the reports as of the newest commit, where the host publishes gold. Null: nothing was committed since it was opened.</summary>
    internal CommittedReports? Committed { get; private set; }

    /// <summary>Publishes what is applied, gold included. Applying and reading continue meanwhile.</summary>
    /// <param name="work">The share of the machine that it takes; null: all that the partition may have.</param>
    internal void Commit(ParallelWork? work = null)
    {
        lock (_commitGate)
        {
            state.ThrowIfClosed();
            if (state.Committing is { } unfinished)
            {
                // Before anything later: it is tried again as it was.
                PublishAgain(unfinished, work ?? settings.Work);
            }

            bool areReportsBehind = _isGoldBehind || (!settings.PublishesGold && Committed is null);
            if (AppliedNow != partition.Current.Applied || (areReportsBehind && !TryPublishReports(work ?? settings.Work)))
            {
                CommitNext(withGold: true, work ?? settings.Work);
            }
        }
    }

    /// <summary>Writes gold again if it is not of the newest manifest: a crash may have come between the two.</summary>
    internal void RepairGold()
    {
        lock (_commitGate)
        {
            Manifest current = partition.Current;

            // Looked at even where a commit will write it: gold of a newer version is refused before anything is.
            if (current.Number > 0 && !GoldPublisher.IsUpToDate(store, settings.Reports, current))
            {
                TryPublishReports(settings.Work);
            }
        }
    }

    /// <summary>Runs something while no commit is under way.</summary>
    internal T BetweenCommits<T>(Func<T> read)
    {
        lock (_commitGate)
        {
            return read();
        }
    }

    /// <summary>
    /// Waits where memory has no capacity for more rows: for the commit under way, or for one of its own.
    /// That leaves gold to the trigger's: reports are derived, and cost what the lake has users.
    /// </summary>
    internal void WaitForCapacity()
    {
        while (IsFull)
        {
            lock (_commitGate)
            {
                state.ThrowIfClosed();
                if (state.Committing is { } unfinished)
                {
                    PublishAgain(unfinished, settings.Work);
                }
                else if (IsFull)
                {
                    CommitNext(withGold: false, settings.Work);
                }
            }
        }
    }

    private LogPosition AppliedNow
    {
        get
        {
            lock (state.Gate)
            {
                return state.Applied;
            }
        }
    }

    private bool IsFull
    {
        get
        {
            lock (state.Gate)
            {
                return state.Pending.IsFullBeside(state.Committing?.Rows);
            }
        }
    }

    private void CommitNext(bool withGold, ParallelWork work)
    {
        long started = Stopwatch.GetTimestamp();
        KeepAgain();
        CommitCut cut = TakeCut(withGold);
        using RootSpan span = traced.StartCommit(cut.Applied.Offset);
        try
        {
            Write(cut, work);
        }
        catch
        {
            Undo(cut);
            throw;
        }

        Publish(cut, work, span);
        _commitMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private CommitCut TakeCut(bool withGold)
    {
        lock (state.Gate)
        {
            state.Committing = new CommitCut
            {
                Applied = state.Applied,
                Ledger = state.Ledger,
                Rows = state.Pending,
                Reports = withGold ? state.CopyReports() : [],
                State = state.State.Cut(),
            };
            state.Pending = new PendingRows(settings.PendingRowsMax);
            return state.Committing;
        }
    }

    private void Undo(CommitCut cut)
    {
        lock (state.Gate)
        {
            cut.State.Undo();
            cut.Rows.Add(state.Pending);
            state.Pending = cut.Rows;
            state.Committing = null;
        }
    }

    private void Write(CommitCut cut, ParallelWork work)
    {
        SnapshotDraft? snapshot = null;
        List<NewDataFile> files = new CommitFiles(store, partition, settings.Countries, settings.Reports.Ids, settings.Added, settings.Codec, work).Write(
            cut.Rows.Batches, cut.Rows.Rejected, () => snapshot = WriteSnapshot(cut), () => BuildReports(cut));
        cut.State.Complete(WithinState);
        cut.Draft = new CommitDraft { Applied = cut.Applied, Ledger = cut.Ledger, Files = files, Snapshot = snapshot, Columns = cut.Names };
    }

    /// <summary>Gets the names of the reports' columns as of the newest commit.</summary>
    internal IReadOnlyList<ReportNames> ColumnNames => state.Published.Manifest.Columns;

    /// <summary>
    /// Keeps the names of columns that have none yet, by a commit of its own: before anybody sees them in a gold that the host
    /// writes.
    /// </summary>
    /// <param name="tables">The reports of the whole lake.</param>
    /// <param name="before">The names before, of a partition that has none yet; null: as gold has them.</param>
    /// <returns>The newest commit.</returns>
    internal Manifest KeepNames(IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportNames>? before = null)
    {
        lock (_commitGate)
        {
            state.ThrowIfClosed();
            if (state.Committing is { } unfinished)
            {
                PublishAgain(unfinished, settings.Work);
            }

            Keep(NamesWith(tables, before));
            if (Committed is { } committed)
            {
                Committed = committed with { Manifest = partition.Current };
            }

            return partition.Current;
        }
    }

    /// <summary>Gives the columns of a report of the whole lake, as of now, the names that the next commit keeps.</summary>
    internal ReportTable Named(ReportTable report)
    {
        if (report.Values.Count == 0)
        {
            return report;
        }

        // A name stays for good, and live readers ask fifty times a second.
        string name = report.Definition.Name;
        KeptNames seen = _seen.GetValueOrDefault(name, KeptNames.None);
        if (!ReferenceEquals(seen.With(report), seen))
        {
            _seen[name] = seen = GoldNames.Of(NamesWith([report]), name);
        }

        return seen.Apply(report);
    }

    private IReadOnlyList<ReportNames> NamesWith(IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportNames>? before = null)
    {
        lock (_namesGate)
        {
            IReadOnlyList<ReportNames> given = _given.Count > 0 ? _given : partition.Current.Columns;
            given = given.Count > 0 ? given : before ?? [];
            ReportTable[] unknown = [.. tables.Where(table => table.Values.Count > 0 && given.All(report => report.Report != table.Definition.Name))];
            return _given = GoldNames.With(unknown.Length == 0 || before is not null ? given : [.. given, .. GoldNames.OfGold(store, unknown)], tables);
        }
    }

    private void Keep(IReadOnlyList<ReportNames> names)
    {
        KeepAgain();
        if (!ReferenceEquals(names, partition.Current.Columns) && names.Count > 0)
        {
            _keeping = new CommitDraft { Applied = partition.Current.Applied, Ledger = partition.Ledger, Columns = names };
            KeepAgain();
        }
    }

    private void KeepAgain()
    {
        if (_keeping is not null)
        {
            partition.Commit(_keeping);
            _keeping = null;
            lock (state.Gate)
            {
                state.Published = PublishedLake.Of(partition);
            }
        }
    }

    private SnapshotDraft WriteSnapshot(CommitCut cut)
    {
        bool isBase = partition.NeedsSnapshotBase;
        using SnapshotWriter writer = partition.CreateSnapshot(isBase);
        if (isBase)
        {
            cut.State.ExportAll(writer, WithinState);
        }
        else
        {
            cut.State.ExportChanges(writer, WithinState);
        }

        return writer.Complete();
    }

    private void WithinState(Action step)
    {
        lock (state.Gate)
        {
            step();
        }
    }

    private void BuildReports(CommitCut cut)
    {
        if (settings.PublishesGold)
        {
            cut.Tables = ReportCopies.Make(cut.Reports, static copy => copy.Table());
            cut.Names = cut.Tables.Count > 0 ? NamesWith(cut.Tables) : null;
        }
        else
        {
            cut.Parts = ReportCopies.Make(cut.Reports, static copy => copy.Part());
        }
    }

    private void PublishAgain(CommitCut cut, ParallelWork work)
    {
        using RootSpan span = traced.StartCommit(cut.Applied.Offset);
        Publish(cut, work, span);
    }

    private void Publish(CommitCut cut, ParallelWork work, RootSpan span)
    {
        using (LakeTracing.Start("lake.manifest"))
        {
            partition.Commit(cut.Draft!);
        }

        traced.Published(cut.Applied.Offset);
        span.Span?.SetTag("lake.commit.number", partition.Current.Number).SetTag("lake.commit.end_offset", cut.Applied.Offset).SetTag("lake.commit.files", cut.Draft!.Files.Count);
        lock (state.Gate)
        {
            state.Published = PublishedLake.Of(partition);
            state.Committing = null;
        }

        _isGoldBehind = true;
        if (cut.Reports.Count > 0)
        {
            PublishReports(cut.Tables, cut.Parts, work);
        }
    }

    // As of the newest commit, which must be what is applied; else it is for the next one to bring them.
    private bool TryPublishReports(ParallelWork work)
    {
        ReportCopy[] copies;
        lock (state.Gate)
        {
            if (state.Applied != partition.Current.Applied)
            {
                return false;
            }

            copies = state.CopyReports();
        }

        PublishReports(
            settings.PublishesGold ? ReportCopies.Make(copies, static copy => copy.Table()) : [],
            settings.PublishesGold ? [] : ReportCopies.Make(copies, static copy => copy.Part()),
            work);
        return true;
    }

    private void PublishReports(IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportPart> parts, ParallelWork work)
    {
        if (settings.PublishesGold)
        {
            Keep(NamesWith(tables));
            GoldPublisher.Publish(partition, tables, work);
        }
        else
        {
            Committed = new CommittedReports(partition.Current, partition.Ledger, partition.PublishedSettledCount, parts);
        }

        _isGoldBehind = false;
    }
}
