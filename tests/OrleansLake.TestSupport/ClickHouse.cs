using System.Text.Json;

namespace OrleansLake.TestSupport;

/// <summary>ClickHouse, in a process of its own for each query and without data of its own. Half a gigabyte, so that no test installs it.</summary>
public static class ClickHouse
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);
    private static readonly NpmFolder Tool = new("foreign/clickhouse", "ClickHouse");

    /// <summary>Gets the reason why it cannot be used on this machine, in one line; null when it can.</summary>
    public static string? MissingBecause => NpmFolder.Find("node") is null ? "needs Node 20 or later for ClickHouse: no 'node' on the PATH"
        : Directory.Exists(Tool["node_modules/chdb"]) ? null : "needs ClickHouse (178 MB): npm install --no-save --prefix tests/foreign/clickhouse";

    /// <summary>Returns the rows of a query, each as JSON.</summary>
    /// <exception cref="ForeignReaderException">ClickHouse refused it.</exception>
    public static IReadOnlyList<string> Query(string sql)
    {
        if (MissingBecause is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        (int exitCode, string output, string error) = Tool.Run("node", ["query.mjs"], sql, AnswerTimeout);
        return exitCode == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static row => JsonSerializer.Serialize(JsonDocument.Parse(row).RootElement))]
            : throw new ForeignReaderException($"node ended with {exitCode}: {error}");
    }
}
