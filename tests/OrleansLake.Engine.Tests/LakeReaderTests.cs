using OrleansLake.Core;
using OrleansLake.Core.Reports;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

public class LakeReaderTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(500, 51);

    [Fact]
    public async Task It_shows_what_the_owner_shows()
    {
        using var lake = await Filled();
        await using Lake open = await lake.OpenAsync();
        await open.RunAsync(LakeUnderTest.CaughtUp);
        foreach (ReportDefinition report in LakeReports.All)
        {
            Assert.Equal(LakeUnderTest.Ndjson(open.Report(report)), LakeUnderTest.Ndjson(lake.Reader().Report(report.Name)));
        }

        Assert.Equal(open.Status.CommitNumber, lake.Reader().CommitNumber);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("stale")]
    [InlineData("noise")]
    [InlineData("cut")]
    public async Task Without_good_gold_a_report_comes_from_the_snapshot(string how)
    {
        using var lake = await Filled();
        string gold = lake["gold/report1/data/report1.parquet"];
        byte[] stale = await File.ReadAllBytesAsync(gold);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_sent[400..]));
            await open.CommitAsync();
        }

        byte[] good = await File.ReadAllBytesAsync(gold);
        Assert.NotEqual(stale, good);
        byte[]? bytes = how switch
        {
            "missing" => null,
            "stale" => stale,
            "noise" => [.. "PAR1 and noise PAR1"u8],
            _ => good[..^20],
        };
        File.Delete(gold);
        if (bytes is not null)
        {
            await File.WriteAllBytesAsync(gold, bytes);
        }

        Message[] messages = [.. _sent.Select(one => one.In(Core.Time.LakeTimeZone.Utc))];
        Assert.Equal(Oracle.Report1(messages), LakeUnderTest.Ndjson(lake.Reader().Report("report1")));
        Assert.False(lake.Reader().Check().Passed);
    }

    [Fact]
    public async Task No_flipped_bit_of_gold_makes_a_report_wrong_in_its_numbers_or_keys()
    {
        using var lake = await Filled();
        string gold = lake["gold/report1/data/report1.parquet"];
        byte[] good = await File.ReadAllBytesAsync(gold);
        string expected = LakeUnderTest.Ndjson(lake.Reader().Report("report1"));
        var random = new Random(1);
        var wrong = new List<int>();
        for (int i = 0; i < 300; i++)
        {
            int at = random.Next(good.Length);
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(gold, bad);
            if (LakeUnderTest.Ndjson(lake.Reader().Report("report1")) != expected)
            {
                wrong.Add(at);
            }
        }

        Assert.True(wrong.Count == 0, $"of {good.Length} bytes, these went unnoticed: {string.Join(' ', wrong)}");
    }

    [Fact]
    public async Task A_snapshot_that_the_newest_manifest_names_and_that_is_missing_is_damage()
    {
        using var lake = await Filled();
        Directory.Delete(lake["gold"], recursive: true);
        foreach (string file in Directory.EnumerateFiles(lake["bronze/messages/checkpoint/lake/p00000/state"], "snapshot-*"))
        {
            File.Delete(file);
        }

        LakeReader reader = lake.Reader();
        Assert.Throws<CorruptDataException>(() => reader.Report("report1"));
    }

    [Fact]
    public async Task Readers_beside_a_writer_always_see_one_commit_whole()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await open.AppendAsync(SentMessage.Batch(_sent[..1]));
        await open.CommitAsync();
        bool isDone = false;
        int reads = 0;
        Task reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref isDone) || reads < 5)
            {
                LakeReader mine = lake.Reader();
                string report1 = LakeUnderTest.Ndjson(mine.Report("report1"));
                int count = (int)mine.Ledger.Total.Bronze;
                Message[] messages = [.. _sent[..count].Select(one => one.In(mine.TimeZone))];
                Assert.Equal(Oracle.Report1(messages), report1);
                LakeUnderTest.AssertLedger(mine.Ledger, messages, 0);
                LakeUnderTest.AssertPasses(mine.Check(1));
                _ = mine.Quarantine().Count();
                reads++;
            }
        });
        for (int i = 1; i < 120 && !reader.IsCompleted; i++)
        {
            await open.AppendAsync(SentMessage.Batch(_sent[i..(i + 1)]));
            await open.CommitAsync();
            if (i == 60)
            {
                await open.ReplayAsync();
            }
        }

        Volatile.Write(ref isDone, true);
        await reader;
    }

    [Fact]
    public void A_folder_without_a_lake_is_said_to_have_none()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(LakeFailure.Environment, Assert.Throws<LakeException>(() => LakeReader.Open(scratch.Path)).Failure);
        Assert.Equal(LakeFailure.Environment, Assert.Throws<LakeException>(() => LakeReader.Open(scratch["none"])).Failure);
        Assert.False(Directory.Exists(scratch["none"]));
    }

    [Fact]
    public async Task A_report_that_there_is_none_of_is_named_and_an_empty_lake_has_empty_ones()
    {
        using var lake = new LakeUnderTest();
        await (await lake.OpenAsync()).DisposeAsync();
        LakeReader reader = lake.Reader();
        Assert.Equal(LakeFailure.Usage, Assert.Throws<LakeException>(() => reader.Report("report3")).Failure);
        Assert.Equal("", LakeUnderTest.Ndjson(reader.Report("report1")));
        Assert.Equal(0, reader.Ledger.Total.Bronze);
        Assert.Empty(reader.Quarantine());
        LakeUnderTest.AssertPasses(reader.Check());
    }

    [Fact]
    public async Task Rejected_records_are_shown_before_and_after_they_are_published()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, "one\n");
            await open.CommitAsync();
            await LakeUnderTest.IngestTextAsync(open, "two\n");
            Assert.Equal(["one", "two"], Raw());
            await open.CommitAsync();
        }

        Assert.Equal(["one", "two"], Raw());

        string[] Raw() => [.. lake.Reader().Quarantine().Select(entry => System.Text.Encoding.UTF8.GetString(entry.Rejection.Raw))];
    }

    private async Task<LakeUnderTest> Filled()
    {
        var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        foreach (SentMessage[] part in _sent[..400].Chunk(130))
        {
            await open.AppendAsync(SentMessage.Batch(part));
            await open.CommitAsync();
        }

        return lake;
    }
}
