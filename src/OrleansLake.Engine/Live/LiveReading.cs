using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Live;

/// <summary>A report at a version.</summary>
/// <param name="Table">The whole report.</param>
/// <param name="At">The version.</param>
public sealed record LiveReading(ReportTable Table, LiveVersion At);
