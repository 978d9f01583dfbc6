using OrleansLake.Client;

namespace OrleansLake.Server.Reports;

/// <summary>What a request asks for, read once, and the answer that was given to it last.</summary>
internal sealed class ReportRequest(ReportQuery query, ReportFormat format)
{
    /// <summary>What is asked for.</summary>
    internal ReportQuery Query { get; } = query;

    /// <summary>In which format.</summary>
    internal ReportFormat Format { get; } = format;

    /// <summary>Whether answers are kept for those who ask the same.</summary>
    internal bool IsKept { get; init; }

    /// <summary>The answer that was given last; null: none is kept.</summary>
    internal RenderedReport? Last { get; set; }
}
