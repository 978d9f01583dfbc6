namespace OrleansLake.Server.Reports;

/// <summary>The formats in which a report is written.</summary>
internal enum ReportFormat
{
    Json = 0,
    Csv = 1,
    Ndjson = 2,
    Parquet = 3,
}
