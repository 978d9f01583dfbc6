using System.Text.Json;

namespace OrleansLake.TestSupport;

/// <summary>DuckDB, in a process of its own for each call and in memory.</summary>
public static class DuckDb
{
    /// <summary>Runs the statements one after another and gives the rows of the last.</summary>
    /// <exception cref="ForeignReaderException">DuckDB refused a statement.</exception>
    public static ExternalRows Query(params string[] statements) =>
        ForeignReaders.Ask(JsonSerializer.Serialize(new Request("duckdb", statements), Options));

    /// <summary>An SQL string literal.</summary>
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private sealed record Request(string Tool, string[] Sql);
}
