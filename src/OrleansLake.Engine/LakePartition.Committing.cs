using System.Diagnostics;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Tracing;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <content>
/// Commits, in three steps: a cut of everything at one moment, under the state's gate; its files, while the partition goes
/// on; the manifest, after which the cut's rows wait no longer.
/// </content>
internal sealed partial class LakePartition
{
    private PublishedLake _published;
    private CommitCut? _committing;    // without a draft its files are being written; with one it is tried until it is published
    private CommitDraft? _keeping;    // names of columns that are tried to be kept
    private bool _isGoldBehind;
    private double _commitMs;

    /// <summary>Publishes what is applied, gold included. Applying and reading go on meanwhile.</summary>
    /// <param name="work">How much of the machine it takes; null: all that the partition may have.</param>
    internal void Commit(ParallelWork? work = null)
    {
        lock (_commitGate)
        {
            ThrowIfClosed();
            if (_committing is { } unfinished)
            {
                // Before anything later: it is tried again as it was.
                PublishAgain(unfinished, work ?? _work);
            }

            bool areReportsBehind = _isGoldBehind || (!PublishesGold && Committed is null);
            if (Applied != _partition.Current.Applied || (areReportsBehind && !TryPublishReports(work ?? _work)))
            {
                CommitNext(withGold: true, work ?? _work);
            }
        }
    }

    /// <summary>Writes gold again if it is not of the newest manifest: a crash may have come between the two.</summary>
    internal void RepairGold()
    {
        lock (_commitGate)
        {
            Manifest current = _partition.Current;

            // Looked at even where a commit will write it: gold of a newer version is refused before anything is.
            if (current.Number > 0 && !GoldPublisher.IsUpToDate(_store, current))
            {
                TryPublishReports(_work);
            }
        }
    }

    /// <summary>
    /// Whoever applies waits here where memory has no room for more rows: for the commit under way, or for one of its own.
    /// That leaves gold to the trigger's: reports are derived, and cost what the lake has users.
    /// </summary>
    private void MakeRoom()
    {
        while (IsFull)
        {
            lock (_commitGate)
            {
                ThrowIfClosed();
                if (_committing is { } unfinished)
                {
                    PublishAgain(unfinished, _work);
                }
                else if (IsFull)
                {
                    CommitNext(withGold: false, _work);
                }
            }
        }
    }

    private bool IsFull
    {
        get
        {
            lock (_stateGate)
            {
                return _pending.IsFullBeside(_committing?.Rows);
            }
        }
    }

    private void CommitNext(bool withGold, ParallelWork work)
    {
        long started = Stopwatch.GetTimestamp();
        KeepAgain();
        CommitCut cut = TakeCut(withGold);
        using RootSpan span = _traced.StartCommit(cut.Applied.Offset);
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
        lock (_stateGate)
        {
            _committing = new CommitCut
            {
                Applied = _applied,
                Ledger = LedgerNow(),
                Rows = _pending,
                Reports = withGold ? CopyReports() : [],
                State = _state.Cut(),
            };
            _pending = new PendingRows(_pendingRowsMax);
            return _committing;
        }
    }

    private void Undo(CommitCut cut)
    {
        lock (_stateGate)
        {
            cut.State.Undo();
            cut.Rows.Add(_pending);
            _pending = cut.Rows;
            _committing = null;
        }
    }

    private void Write(CommitCut cut, ParallelWork work)
    {
        SnapshotDraft? snapshot = null;
        List<NewDataFile> files = new CommitFiles(_store, _partition, _countries, Codec, work).Write(
            cut.Rows.Batches, cut.Rows.Rejected, () => snapshot = WriteSnapshot(cut), () => BuildReports(cut));
        cut.State.Complete(WithinState);
        cut.Draft = new CommitDraft { Applied = cut.Applied, Ledger = cut.Ledger, Files = files, Snapshot = snapshot, Columns = cut.Names };
    }

    /// <summary>The names of the reports' columns as of the newest commit.</summary>
    internal IReadOnlyList<ReportNames> ColumnNames => _published.Manifest.Columns;

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
            ThrowIfClosed();
            if (_committing is { } unfinished)
            {
                PublishAgain(unfinished, _work);
            }

            Keep(NamesWith(tables, before));
            if (Committed is { } committed)
            {
                Committed = committed with { Manifest = _partition.Current };
            }

            return _partition.Current;
        }
    }

    private IReadOnlyList<ReportNames> NamesWith(IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportNames>? before = null)
    {
        IReadOnlyList<ReportNames> kept = _partition.Current.Columns;
        return GoldNames.With(kept.Count > 0 ? kept : before ?? GoldNames.OfGold(_store, tables), tables);
    }

    private void Keep(IReadOnlyList<ReportNames> names)
    {
        KeepAgain();
        if (!ReferenceEquals(names, _partition.Current.Columns) && names.Count > 0)
        {
            _keeping = new CommitDraft { Applied = _partition.Current.Applied, Ledger = _partition.Ledger, Columns = names };
            KeepAgain();
        }
    }

    private void KeepAgain()
    {
        if (_keeping is not null)
        {
            _partition.Commit(_keeping);
            _keeping = null;
            lock (_stateGate)
            {
                _published = PublishedLake.Of(_partition);
            }
        }
    }

    private SnapshotDraft WriteSnapshot(CommitCut cut)
    {
        bool isBase = _partition.NeedsSnapshotBase;
        using SnapshotWriter writer = _partition.CreateSnapshot(isBase);
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
        lock (_stateGate)
        {
            step();
        }
    }

    private void BuildReports(CommitCut cut)
    {
        if (PublishesGold)
        {
            cut.Tables = MadeOf(cut.Reports, static copy => copy.Table());
            cut.Names = cut.Tables.Count > 0 ? NamesWith(cut.Tables) : null;
        }
        else
        {
            cut.Parts = MadeOf(cut.Reports, static copy => copy.Part());
        }
    }

    private void PublishAgain(CommitCut cut, ParallelWork work)
    {
        using RootSpan span = _traced.StartCommit(cut.Applied.Offset);
        Publish(cut, work, span);
    }

    private void Publish(CommitCut cut, ParallelWork work, RootSpan span)
    {
        using (LakeTracing.Start("lake.manifest"))
        {
            _partition.Commit(cut.Draft!);
        }

        _traced.Published(cut.Applied.Offset);
        span.Span?.SetTag("lake.commit.number", _partition.Current.Number).SetTag("lake.commit.end_offset", cut.Applied.Offset).SetTag("lake.commit.files", cut.Draft!.Files.Count);
        lock (_stateGate)
        {
            _published = PublishedLake.Of(_partition);
            _committing = null;
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
        lock (_stateGate)
        {
            if (_applied != _partition.Current.Applied)
            {
                return false;
            }

            copies = CopyReports();
        }

        PublishReports(
            PublishesGold ? MadeOf(copies, static copy => copy.Table()) : [],
            PublishesGold ? [] : MadeOf(copies, static copy => copy.Part()),
            work);
        return true;
    }

    private void PublishReports(IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportPart> parts, ParallelWork work)
    {
        if (PublishesGold)
        {
            Keep(NamesWith(tables));
            GoldPublisher.Publish(_partition, tables, work);
        }
        else
        {
            Committed = new CommittedReports(_partition.Current, _partition.Ledger, _partition.PublishedSettledCount, parts);
        }

        _isGoldBehind = false;
    }

    private ReportCopy[] CopyReports() => [.. LakeReports.All.Select(_state.Copy)];

    /// <summary>Builds something from copies and disposes them.</summary>
    internal static T[] MadeOf<T>(IReadOnlyList<ReportCopy> copies, Func<ReportCopy, T> make) => [.. copies.Select(copy =>
    {
        using (copy)
        {
            return make(copy);
        }
    })];
}
