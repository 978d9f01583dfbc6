using OrleansLake.Core.Reports;
using OrleansLake.Grains;

namespace OrleansLake.Client.Orleans;

/// <summary>Makes of reports as they are read one after the other what a watcher is told. Pure.</summary>
internal sealed class ReportWatch
{
    /// <summary>How often a watcher of whom nothing changes is told where the lake is.</summary>
    internal static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two readings.</summary>
    internal static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);

    private readonly LiveQuery _query;
    private readonly ReportFiltering[] _filterings;
    private readonly ReportTable?[] _shown;
    private LiveStatus? _status;
    private LakePosition? _position;
    private bool _wantsProgress;

    internal ReportWatch(LiveQuery query)
    {
        _query = query;
        ReportDefinition[] definitions = [.. query.Reports.Select(report => ReportPages.Definition(report.Report))];
        if (definitions.Distinct().Count() != definitions.Length)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, "A report stands twice among those to be watched.");
        }

        _filterings = [.. query.Reports.Select((report, i) => new ReportFiltering(definitions[i], report.Filter))];
        _shown = new ReportTable?[definitions.Length];
        Requests = [.. query.Reports.Select(report => new ReportRequest(report.Report, null))];
    }

    /// <summary>What is to be read.</summary>
    internal IReadOnlyList<ReportRequest> Requests { get; }

    /// <summary>With the next reading it is told where the lake is, if nothing else.</summary>
    internal void WantsProgress() => _wantsProgress = true;

    /// <summary>What the watcher is told.</summary>
    internal IEnumerable<LiveUpdate> Next(LakePosition position, DateTimeOffset time, IReadOnlyList<ReportTable> tables, LiveStatus status)
    {
        var updates = new List<LiveUpdate>();
        bool isFirst = _position is null;
        bool resumes = isFirst && position.Equals(_query.After);
        if (isFirst && _query.After is not null && !resumes)
        {
            updates.Add(new LiveRefetch(position, time, "The changes since then are not kept."));
        }

        for (int i = 0; i < tables.Count; i++)
        {
            ReportTable now = Shown(i, tables[i]);
            if (_shown[i] is not { } before)
            {
                if (!resumes)
                {
                    updates.Add(SnapshotOf(now, position, time));
                }
            }
            else if (!before.ColumnNames.AsSpan().SequenceEqual(now.ColumnNames))
            {
                // Rows that did not change may stand under other columns now.
                updates.Add(SnapshotOf(now, position, time));
            }
            else
            {
                (ReportTable rows, ReportTable removed) = ReportDifference.Of(before, now);
                if (rows.RowCount > 0 || removed.RowCount > 0)
                {
                    updates.Add(new LiveDelta(position, time) { Rows = rows, Removed = removed });
                }
            }

            _shown[i] = now;
        }

        if (_query.WithStatus && (_status is null || _status.Ledger != status.Ledger || _status.NewestEvent != status.NewestEvent))
        {
            _status = status;
            updates.Add(status);
        }

        if (updates.Count == 0 && _wantsProgress && !isFirst)
        {
            updates.Add(new LiveProgress(position, time));
        }

        _wantsProgress = false;
        _position = position;

        // Only with the last one everything of its position is said.
        return updates.Select((update, i) => i == updates.Count - 1 ? update : update with { IsComplete = false });
    }

    private ReportTable Shown(int i, ReportTable whole)
    {
        ReportTable table = _filterings[i].Apply(whole);
        if (_query.Reports[i].Filter.Top is not { } top || top >= table.RowCount)
        {
            return table;
        }

        int[] rows = [.. Enumerable.Range(0, top)];
        return table.Select(rows);
    }

    private static LiveSnapshot SnapshotOf(ReportTable table, LakePosition position, DateTimeOffset time) =>
        new(new ReportSnapshot { Table = table, Position = position, Time = time, RowsInAll = table.RowCount });
}
