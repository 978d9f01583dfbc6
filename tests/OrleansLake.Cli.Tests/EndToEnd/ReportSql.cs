using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Both reports as SQL over silver: what anyone can compute who has the files and no engine of ours.</summary>
internal static class ReportSql
{
    /// <summary>Report 1 with the given columns: date, channel, one for each event type, total.</summary>
    public static string Report1(LakeUnderTest lake, IReadOnlyList<string> columns)
    {
        var events = columns.Skip(2).SkipLast(1).Select(static name => $"nullif(count(*) filter (event_type = {DuckDb.Text(name)}), 0) as {Name(name)}");
        return $"select date, channel, {string.Join(", ", events)}, count(*) as total from ({First(lake)}) group by all order by date, channel";
    }

    /// <summary>Report 2 with the given columns: user_id, iterations, one for each channel.</summary>
    public static string Report2(LakeUnderTest lake, IReadOnlyList<string> columns)
    {
        var channels = columns.Skip(2).Select(static name => $"count(*) filter (channel = {DuckDb.Text(name)}) as {Name(name)}");
        return $"select user_id, count(*) as iterations, {string.Join(", ", channels)} from ({First(lake)}) group by user_id order by iterations desc, user_id";
    }

    private static string First(LakeUnderTest lake) =>
        $"from {lake.SilverSql("messages")} qualify row_number() over "
        + "(partition by message_id, event_type, channel order by timestamp nulls last, bronze_offset) = 1";

    private static string Name(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
