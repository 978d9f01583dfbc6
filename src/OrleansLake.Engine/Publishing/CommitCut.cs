using OrleansLake.Core.Reports;
using OrleansLake.Core.State;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// The cut that one commit publishes, as of one moment: taken while the partition stands still, written while it continues. It lives
/// until the commit is made; if writing fails it is undone, and the next commit takes its rows in.
/// </summary>
internal sealed class CommitCut
{
    /// <summary>Gets the position before which everything is in it.</summary>
    internal required LogPosition Applied { get; init; }

    /// <summary>Gets the counts.</summary>
    internal required Ledger Ledger { get; init; }

    /// <summary>Gets the rows that are in no file yet.</summary>
    internal required PendingRows Rows { get; init; }

    /// <summary>Gets the first occurrences.</summary>
    internal required StateCut State { get; init; }

    /// <summary>Gets the reports, in the order of the catalog; none if gold is left to a later commit.</summary>
    internal required IReadOnlyList<ReportCopy> Reports { get; init; }

    /// <summary>Gets or sets, once all is written, what is published, again and again until that succeeds.</summary>
    internal CommitDraft? Draft { get; set; }

    /// <summary>Gets or sets the reports as gold has them, where the partition publishes it.</summary>
    internal IReadOnlyList<ReportTable> Tables { get; set; } = [];

    /// <summary>Gets or sets the names of the reports' columns, where the partition publishes gold; null: as before.</summary>
    internal IReadOnlyList<ReportNames>? Names { get; set; }

    /// <summary>Gets or sets the reports as a host that publishes gold takes them.</summary>
    internal IReadOnlyList<ReportPart> Parts { get; set; } = [];
}
