using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Reports;

/// <summary>
/// The steps of one partition's reports under one owner, as far back as they are kept: what a grain that follows them is
/// answered from. Pure.
/// </summary>
/// <remarks>
/// Steps are cut when someone asks, so that a lake that nobody reads cuts none. Rows in steps are whole, so that a step that
/// comes twice does what it does once.
/// </remarks>
internal sealed class StepLog(long epoch, ReportCatalog reports)
{
    /// <summary>Steps that are kept: some seconds of a busy reader.</summary>
    internal const int StepsMax = 256;

    /// <summary>Rows in them: what a follower further behind would be sent is more than a base.</summary>
    internal const int RowsMax = 100_000;

    private readonly Queue<IReadOnlyList<IReadOnlyList<ReportRow>>> _steps = new();
    private long _rows;

    /// <summary>Gets the newest step.</summary>
    internal long Newest { get; private set; }

    /// <summary>Gets the oldest step after which all are kept.</summary>
    internal long Oldest => Newest - _steps.Count;

    /// <summary>Adds the next step.</summary>
    /// <param name="changed">What changed since the one before, by report.</param>
    internal void Cut(IReadOnlyList<IReadOnlyList<ReportRow>> changed)
    {
        Newest++;
        _steps.Enqueue(changed);
        _rows += changed.Sum(static rows => (long)rows.Count);
        while (_steps.Count > StepsMax || (_steps.Count > 1 && _rows > RowsMax))
        {
            _rows -= _steps.Dequeue().Sum(static rows => (long)rows.Count);
        }
    }

    /// <summary>Starts over: what was before is not kept, and followers need a base.</summary>
    internal void Break()
    {
        Newest++;
        _steps.Clear();
        _rows = 0;
    }

    /// <summary>Returns what a follower is sent.</summary>
    /// <param name="scope">What it follows.</param>
    /// <param name="knownEpoch">The epoch of what it knows; 0 if nothing.</param>
    /// <param name="knownStep">Its step.</param>
    /// <param name="all">All rows of a report as of the newest step; asked only where the follower needs them.</param>
    internal ReportSteps Tell(ReportScope scope, long knownEpoch, long knownStep, Func<ReportDefinition, IEnumerable<ReportRow>> all)
    {
        int report = reports.IndexOf(scope.Report);
        if (knownEpoch != epoch || knownStep < Oldest || knownStep > Newest)
        {
            // First the rows: to get them of one version may cut one more step.
            ReportRowDto[] rows = In(scope, all(reports[report]));
            return new ReportSteps { Epoch = epoch, Base = new ReportStep(Newest, rows) };
        }

        return new ReportSteps
        {
            Epoch = epoch,
            Steps = [.. _steps.Skip((int)(knownStep - Oldest)).Select((step, i) => new ReportStep(knownStep + 1 + i, In(scope, step[report])))],
        };
    }

    private static ReportRowDto[] In(ReportScope scope, IEnumerable<ReportRow> rows) => [.. rows.Where(scope.Contains).Select(ReportRowDto.Of)];
}
