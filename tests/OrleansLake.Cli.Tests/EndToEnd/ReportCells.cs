using System.Text.Json;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Figures out of a report's NDJSON.</summary>
internal static class ReportCells
{
    /// <summary>The sum of a column.</summary>
    public static long Sum(string report, string column)
    {
        var sum = 0L;
        foreach (var line in report.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var row = JsonDocument.Parse(line);
            sum += row.RootElement.GetProperty(column).GetInt64();
        }

        return sum;
    }
}
