using System.Text.Json;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>The rows of reports in a sink's place beside those of the lake.</summary>
internal static class SinkRows
{
    /// <summary>Waits until the place has the reports of a lake with so many messages.</summary>
    /// <param name="server">The lake.</param>
    /// <param name="messages">The number of its messages.</param>
    /// <param name="read">Returns the rows of a report in the place.</param>
    internal static async Task AgreeAsync(ServerUnderTest server, int messages, Func<ReportDefinition, Task<IEnumerable<JsonElement>>> read)
    {
        await server.TotalAsync(messages);
        foreach (ReportDefinition report in LakeReports.All)
        {
            string[] shown = Of((await server.GetJsonAsync($"/v1/reports/{report.Name}?limit=100000")).GetProperty("rows").EnumerateArray(), report);
            await Eventually.HoldsAsync(() => Of(read(report).Result, report).SequenceEqual(shown), $"{report.Name} is {string.Join(" ", shown)}");
        }
    }

    /// <summary>Returns rows as texts that can be compared, in order: some places have the counts that there are, others all.</summary>
    internal static string[] Of(IEnumerable<JsonElement> rows, ReportDefinition report) => [.. rows.Select(row => Sorted(row, report)).Order(StringComparer.Ordinal)];

    private static string Sorted(JsonElement row, ReportDefinition report) => string.Join(',', row.EnumerateObject()
        .Where(member => report.RowKeys.Any(key => ReportDefinition.ColumnName(key) == member.Name) || (member.Value.ValueKind != JsonValueKind.Null && member.Value.GetRawText() != "0"))
        .OrderBy(static member => member.Name, StringComparer.Ordinal).Select(static member => $"{member.Name}={member.Value.GetRawText()}"));
}
