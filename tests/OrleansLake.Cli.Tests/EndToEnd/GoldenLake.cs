using System.Globalization;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>One lake that ingested the golden messages in six equal parts, with what it said after each.</summary>
public sealed class GoldenLake : IDisposable
{
    private readonly Dictionary<(int Part, string Report), string> _reports = [];
    private readonly Dictionary<int, LedgerCounts> _ledgers = [];

    public GoldenLake()
    {
        const int rows = Golden.Count / Golden.PartCount;
        for (var part = 1; part <= Golden.PartCount; part++)
        {
            var name = $"part{part.ToString(CultureInfo.InvariantCulture)}.ndjson";
            Lake.Ok("ingest", Lake.Scratch.Write(name, Golden.Lines((part - 1) * rows, part * rows)));
            Lake.CatchUp();
            _reports[(part, "report1")] = Lake.Report("report1");
            _reports[(part, "report2")] = Lake.Report("report2");
            _ledgers[part] = Lake.Ledger();
        }
    }

    internal LakeUnderTest Lake { get; } = new();

    internal string ReportAfter(int part, string report) => _reports[(part, report)];

    internal LedgerCounts LedgerAfter(int part) => _ledgers[part];

    public void Dispose() => Lake.Dispose();
}
