using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Wire;

/// <summary>A report of the whole lake at a position.</summary>
/// <param name="Report">Its name.</param>
/// <param name="Position">The position that it is true as of.</param>
/// <param name="Parts">The partitions' parts.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportReadout")]
internal sealed record ReportResponse([property: Id(0)] string Report, [property: Id(1)] LakeOffsets Position, [property: Id(2)] IReadOnlyList<byte[]> Parts)
{
    /// <summary>Returns the report.</summary>
    /// <param name="reports">The reports that the lake keeps; null: the two of <see cref="LakeReports.All"/>.</param>
    public ReportTable ToTable(ReportCatalog? reports = null)
    {
        reports ??= LakeReports.All;
        ReportDefinition definition = reports[reports.IndexOf(Report)];
        return ReportPart.Sum(definition, [.. Parts.Select(part => ReportPart.Read(definition, part))]);
    }
}
