using System.Buffers;
using System.Text;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>A lake in a folder that goes with the test.</summary>
internal sealed class LakeUnderTest : IDisposable
{
    internal static readonly RunOptions CaughtUp = new() { UntilCaughtUp = true };
    internal static readonly IngestOptions Plain = new();

    private readonly ScratchFolder _scratch = new();

    internal LakeUnderTest() => Options = new LakeOptions
    {
        Path = _scratch["lake"],
        Create = true,
        Adopt = AdoptKind.BronzeOnly,
        IsDurable = false,
        Threads = 2,
        Trigger = TimeSpan.FromMilliseconds(50),
    };

    internal LakeOptions Options { get; set; }

    internal string Path => Options.Path;

    /// <summary>A folder beside the lake, for sources.</summary>
    internal ScratchFolder Scratch => _scratch;

    /// <summary>The path of something in the lake.</summary>
    internal string this[string relative] => System.IO.Path.Combine(Path, relative);

    internal Task<Lake> OpenAsync() => Lake.OpenAsync(Options);

    internal LakeReader Reader() => LakeReader.Open(Path);

    /// <summary>Opens the lake, runs it until it has caught up, and gives it back.</summary>
    internal async Task<RunSummary> CatchUpAsync()
    {
        await using Lake lake = await OpenAsync();
        return await lake.RunAsync(CaughtUp);
    }

    /// <summary>Ingests text as a pipe would bring it.</summary>
    internal static async Task<IngestSummary> IngestTextAsync(Lake lake, string text, IngestOptions? options = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await lake.IngestAsync(new IngestInput(stream), options ?? Plain);
    }

    internal static string Ndjson(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();

        // The oracle knows no names that were kept.
        table.WithNames(table.ValueNames).WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Everything that readers of the newest manifest see is what the oracle says; nothing waits in the log.</summary>
    internal void AssertHolds(IReadOnlyList<SentMessage> sent)
    {
        LakeReader reader = Reader();
        LakeTimeZone zone = reader.TimeZone;
        SentMessage[] accepted = [.. sent.Where(one => one.Message is not null)];
        Message[] messages = [.. accepted.Select(one => one.In(zone))];
        Assert.Equal(Oracle.Report1(messages), Ndjson(reader.Report("report1")));
        Assert.Equal(Oracle.Report2(messages), Ndjson(reader.Report("report2")));
        AssertLedger(reader.Ledger, messages, sent.Count - accepted.Length);
        Assert.Equal(accepted.Select((one, offset) => one.Row(zone, CountryTable.Notebook, offset)), SilverRows.Read(Path));
        Assert.Equal([.. sent.Where(one => one.Message is null).Select(one => one.Line)], [.. reader.Quarantine().Select(entry => Encoding.UTF8.GetString(entry.Rejection.Raw))]);
        AssertPasses(reader.Check(2));
    }

    internal static void AssertPasses(CheckResult result) =>
        Assert.True(result.Passed, string.Join('\n', result.Findings.Where(f => !f.IsRight)));

    internal static void AssertLedger(Ledger ledger, IReadOnlyList<Message> messages, int rejected)
    {
        IReadOnlyList<Message> first = Oracle.FirstOccurrences(messages);
        Assert.Equal(Entry(messages, first, rejected), ledger.Total);
        Assert.Equal(messages.Select(m => m.Day).Distinct().Order(), ledger.ByDate.Keys.Order());
        foreach ((int day, LedgerCounts entry) in ledger.ByDate)
        {
            Assert.Equal(Entry([.. messages.Where(m => m.Day == day)], [.. first.Where(m => m.Day == day)], 0), entry);
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static LedgerCounts Entry(IReadOnlyList<Message> messages, IReadOnlyList<Message> first, int rejected)
    {
        int corrupted = messages.Count(Oracle.IsCorrupted);
        return new LedgerCounts(messages.Count, messages.Count - corrupted, corrupted, rejected, first.Count);
    }
}
