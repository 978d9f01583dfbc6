using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// The cut that one commit publishes, as of one moment: taken while the partition stands still, written while it goes on. It lives
/// until the commit is made; if writing fails it is undone, and the next commit takes its rows in.
/// </summary>
internal sealed class CommitCut
{
    /// <summary>Everything before this place is in it.</summary>
    internal required LogPosition Applied { get; init; }

    /// <summary>The counts.</summary>
    internal required Ledger Ledger { get; init; }

    /// <summary>Rows that are in no file yet.</summary>
    internal required PendingRows Rows { get; init; }

    /// <summary>First occurrences.</summary>
    internal required StateCut State { get; init; }

    /// <summary>The reports, in the order of <see cref="LakeReports.All"/>; none if gold is left to a later commit.</summary>
    internal required IReadOnlyList<ReportCopy> Reports { get; init; }

    /// <summary>Once all is written: what is published, again and again until that succeeds.</summary>
    internal CommitDraft? Draft { get; set; }

    /// <summary>The reports as gold has them, where the partition publishes it.</summary>
    internal IReadOnlyList<ReportTable> Tables { get; set; } = [];

    /// <summary>Gets or sets the names of the reports' columns, where the partition publishes gold; null: as before.</summary>
    internal IReadOnlyList<ReportNames>? Names { get; set; }

    /// <summary>The reports as a host that publishes gold takes them.</summary>
    internal IReadOnlyList<ReportPart> Parts { get; set; } = [];
}
