using OrleansLake.Client;

namespace OrleansLake.Server.Reports;

/// <summary>A request for a report, read once, and the last response to it.</summary>
internal sealed class ReportRequest(ReportQuery query, ReportFormat format)
{
    /// <summary>Gets the query.</summary>
    internal ReportQuery Query { get; } = query;

    /// <summary>Gets the format.</summary>
    internal ReportFormat Format { get; } = format;

    /// <summary>Gets a value indicating whether answers are kept for those who ask the same.</summary>
    internal bool IsKept { get; init; }

    /// <summary>Gets or sets the answer that was given last; null: none is kept.</summary>
    internal RenderedReport? Last { get; set; }
}
