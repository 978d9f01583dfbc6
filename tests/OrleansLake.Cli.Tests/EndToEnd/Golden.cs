using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The 12,000 messages of fixtures golden and what Apache Spark made of them.</summary>
internal static class Golden
{
    public const int Count = 12_000;
    public const int PartCount = 6;

    /// <summary>Each message's line, without its newline, in arrival order.</summary>
    public static IReadOnlyList<string> Events { get; } = Unzip("golden/events.ndjson.gz").TrimEnd('\n').Split('\n');

    public static string EventsFile => Fixtures.Path("golden/events.ndjson.gz");

    /// <summary>A run of messages as the bytes of an NDJSON file.</summary>
    public static byte[] Lines(int from, int to) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(from, to - from).Select(static i => Events[i] + "\n")));

    /// <summary>The bytes of a report; after a part of the six, or after all when that is null.</summary>
    public static string Report(string name, int? afterPart = null, string zone = "utc") =>
        File.ReadAllText(Fixtures.Path(afterPart is null or PartCount
            ? $"golden/{zone}/{name}.ndjson"
            : $"golden/{zone}/{name}.after{afterPart}.ndjson"));

    public static IReadOnlyList<string> ReportLines(string name) => Report(name).TrimEnd('\n').Split('\n');

    /// <summary>A report's columns in their order.</summary>
    public static IReadOnlyList<string> ReportColumns(string name)
    {
        using var first = JsonDocument.Parse(ReportLines(name)[0]);
        return [.. first.RootElement.EnumerateObject().Select(static property => property.Name)];
    }

    /// <summary>The ledger after a part of the six; the other zones' golden ledgers have two parts, of which the last is whole.</summary>
    public static LedgerCounts Ledger(int afterPart = PartCount, string zone = "utc")
    {
        var lines = File.ReadAllLines(Fixtures.Path($"golden/{zone}/ledger.ndjson"));
        return LedgerCounts.OfGolden(zone == "utc" ? lines[afterPart - 1] : lines[^1]);
    }

    /// <summary>Silver's rows in arrival order, as JSON objects.</summary>
    public static IReadOnlyList<string> Silver(string table) =>
        Unzip($"golden/utc/silver.{table}.ndjson.gz").TrimEnd('\n').Split('\n');

    private static string Unzip(string fixture)
    {
        using var file = File.OpenRead(Fixtures.Path(fixture));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, new UTF8Encoding(false));
        return reader.ReadToEnd();
    }
}
