using System.Runtime.CompilerServices;
using OrleansLake.Client.Http;
using OrleansLake.Client.Reports;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Watching;

/// <summary>
/// Makes a watcher's updates of reports that are read one after the other: for hosts of many partitions, where a row's
/// change in one of them is not yet the row's.
/// </summary>
internal sealed class ReportWatch
{
    // How often a watcher for whom nothing changes is sent the lake's position.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    // The longest pause between two readings.
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);

    private readonly LiveQuery _query;
    private readonly ReportFiltering[] _filterings;
    private readonly ReportTable?[] _shown;
    private LiveStatus? _status;
    private LakePosition? _position;
    private bool _wantsProgress;

    private ReportWatch(LiveQuery query, ReportCatalog reports)
    {
        _query = query;
        ReportDefinition[] definitions = [.. query.Reports.Select(report => ReportPages.Definition(reports, report.Report))];
        if (definitions.Distinct().Count() != definitions.Length)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, "A report occurs twice among those to be watched.");
        }

        _filterings = [.. query.Reports.Select((report, i) => new ReportFiltering(definitions[i], report.Filter))];
        _shown = new ReportTable?[definitions.Length];
    }

    /// <summary>Returns the updates of a watcher, until it is cancelled.</summary>
    /// <param name="query">What it watches.</param>
    /// <param name="reports">The reports that the lake keeps.</param>
    /// <param name="read">Reads the reports of the query, whole, at one version.</param>
    /// <param name="isBeyond">Ends when the lake is beyond a position: true; or when nothing has come for the time given.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="outage">How long it continues while the lake is <see cref="LakeClientErrorKind.Unavailable"/>; null: not at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async IAsyncEnumerable<LiveUpdate> RunAsync(
        LiveQuery query, ReportCatalog reports, Func<Task<WatchReading>> read, Func<LakePosition, TimeSpan, Task<bool>> isBeyond, TimeProvider clock, WatchOutage? outage,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new ReportWatch(query, reports);
        while (true)
        {
            long started = clock.GetTimestamp();
            (WatchReading? reading, LakeClientException? failure) = await TryAsync(read, outage).ConfigureAwait(false);
            if (reading is not null)
            {
                outage?.End();
                foreach (LiveUpdate update in watch.Next(reading.Status, reading.Tables))
                {
                    yield return update;
                }

                // At most a fifth of the time is spent on one watcher's reading.
                TimeSpan rest = clock.GetElapsedTime(started) * 4;
                await Task.Delay(rest < RestMax ? rest : RestMax, clock, cancellationToken).ConfigureAwait(false);
                (bool hasMoved, failure) = await TryAsync(() => isBeyond(reading.Status.Position, ProgressInterval), outage).ConfigureAwait(false);
                watch._wantsProgress |= !hasMoved;
            }

            if (failure is not null)
            {
                TimeSpan wait = outage!.NextWait() ?? throw failure;
                yield return new LiveBehind(watch._position ?? query.After ?? LakePosition.None, outage.Since, failure.Message) { IsComplete = false };
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<(T? Result, LakeClientException? Failure)> TryAsync<T>(Func<Task<T>> call, WatchOutage? outage)
    {
        try
        {
            return (await call().ConfigureAwait(false), null);
        }
        catch (LakeClientException e) when (outage is not null && e.Kind == LakeClientErrorKind.Unavailable)
        {
            return (default, e);
        }
    }

    private IEnumerable<LiveUpdate> Next(LiveStatus status, IReadOnlyList<ReportTable> tables)
    {
        (LakePosition position, DateTimeOffset time) = (status.Position, status.Time);
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
                // Rows that did not change may have other columns now.
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

        // Only the last one completes its position.
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
