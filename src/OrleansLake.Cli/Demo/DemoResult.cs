using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Demo;

/// <summary>The result that a demo prints at its end: the ledger, the reports, where the files are and how others read them.</summary>
internal static class DemoResult
{
    private const int Report2Rows = 10;

    private static readonly string[] Folders =
    [
        "bronze/messages/data", "silver/messages/data", "silver/messages_corrupted/data", "gold/report1/data", "gold/report2/data",
    ];

    public static void Write(LakeReader lake, string path, Terminal terminal)
    {
        TextWriter writer = terminal.Out;
        writer.WriteLine("The ledger: bronze = messages + messages_corrupted");
        DrawnTables.Write(terminal, LedgerText.Table(lake.Ledger.Total));
        writer.WriteLine();
        writer.WriteLine("Report 1: events by date and channel");
        DrawnTables.Write(terminal, ReportText.Table(lake.Report(LakeReports.Report1.Name), int.MaxValue));
        writer.WriteLine();
        writer.WriteLine($"Report 2: the {Report2Rows} most active users");
        DrawnTables.Write(terminal, ReportText.Table(lake.Report(LakeReports.Report2.Name), Report2Rows));
        writer.WriteLine();
        writer.WriteLine("The files");
        DrawnTables.Write(terminal, Files(path));
        writer.WriteLine();
        writer.WriteLine("Read them with DuckDB:");
        writer.WriteLine($"  {DuckDb(path)}");
        writer.WriteLine("or with Spark:");
        writer.WriteLine($"  {Spark(path)}");
    }

    /// <summary>Returns a command line for a shell.</summary>
    public static string DuckDb(string lake)
    {
        string files = Slashes(Path.Join(lake, "silver/messages/data/**/*.parquet")).Replace("'", "''", StringComparison.Ordinal);
        string sql = $"select date, channel, count(*) as messages from read_parquet('{files}', hive_partitioning = true) group by all order by all";
        string quoted = sql.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
        return $"duckdb -c \"{quoted}\"";
    }

    /// <summary>Returns a line of Python.</summary>
    public static string Spark(string lake)
    {
        string folder = Slashes(Path.Join(lake, "silver/messages/data")).Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"spark.read.parquet(\"{folder}\").groupBy(\"date\", \"channel\").count().orderBy(\"date\", \"channel\").show()";
    }

    private static TextTable Files(string path) => new(
        [new("folder"), new("files", true), new("size", true)],
        [.. Folders.Select(folder => FolderRow(Path.Join(path, folder)))]);

    private static string[] FolderRow(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [Slashes(folder), "0", ""];
        }

        FileInfo[] files = new DirectoryInfo(folder).GetFiles("*.parquet", SearchOption.AllDirectories);
        return [Slashes(folder), Figures.Count(files.Length), Figures.Bytes(files.Sum(file => file.Length))];
    }

    private static string Slashes(string path) => Path.DirectorySeparatorChar == '\\' ? path.Replace('\\', '/') : path;
}
