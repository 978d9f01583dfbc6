using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Tests;

public class CheckTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(400, 61);

    [Fact]
    public async Task A_good_lake_passes_before_and_after_a_replay()
    {
        using var lake = await Filled();
        CheckResult result = lake.Reader().Check();
        LakeUnderTest.AssertPasses(result);
        Assert.Equal(
            ["bronze", "messages", "messages_corrupted", "rejected", "bronze = messages + messages_corrupted"],
            result.Findings.Select(finding => finding.Name).Take(5));
        Assert.Equal("401", result.Findings[0].Found);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Theory]
    [InlineData("silver/messages/data")]
    [InlineData("silver/messages_corrupted/data")]
    [InlineData("bronze/messages/data")]
    [InlineData("quarantine")]
    public async Task A_file_that_is_missing_cut_off_or_changed_is_found(string folder)
    {
        using var lake = await Filled();
        string file = Directory.GetFiles(lake[folder], "*.parquet", SearchOption.AllDirectories)[0];
        byte[] good = await File.ReadAllBytesAsync(file);

        File.Delete(file);
        AssertFinds(lake, Path.GetFileName(file));
        await File.WriteAllBytesAsync(file, good[..^1]);
        AssertFinds(lake, Path.GetFileName(file));
        var random = new Random(7);
        for (int i = 0; i < 20; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(file, bad);
            AssertFinds(lake, Path.GetFileName(file));
        }

        await File.WriteAllBytesAsync(file, good);
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task A_Parquet_file_in_silver_that_the_lake_does_not_name_is_found()
    {
        using var lake = await Filled();
        string file = Directory.GetFiles(lake["silver/messages/data"], "*.parquet", SearchOption.AllDirectories)[0];
        File.Copy(file, Path.Combine(Path.GetDirectoryName(file)!, "copy.parquet"));
        AssertFinds(lake, "copy.parquet");
    }

    [Fact]
    public async Task Gold_with_other_numbers_is_found()
    {
        using var lake = await Filled();
        string gold = lake["gold/report2/data/report2.parquet"];
        using (LakeUnderTest other = await Filled(_sent[..399]))
        {
            File.Copy(other["gold/report2/data/report2.parquet"], gold, overwrite: true);
        }

        AssertFinds(lake, "report2");
    }

    [Fact]
    public async Task Gold_that_counts_as_many_but_differently_is_found()
    {
        using var lake = await Filled();
        SentMessage[] moved = [.. _sent[..^1], SentStreams.Of(_sent[^1].Message!.Timestamp!.Value, "v", "SENT", "somebody else", "CHAT", 2000, 49_000)];
        using LakeUnderTest one = await Filled([.. _sent[..^1], SentStreams.Of(0, "v", "SENT", "unique", "CHAT", 2000, 1)]);
        using LakeUnderTest other = await Filled(moved);
        File.Copy(other["gold/report2/data/report2.parquet"], one["gold/report2/data/report2.parquet"], overwrite: true);
        AssertFinds(one, "report2");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Gold_as_of_an_earlier_commit_is_behind_and_a_damaged_or_missing_one_is_wrong(int partitions)
    {
        using var lake = new LakeUnderTest();
        string[] gold = [.. GoldFiles.Names(LakeReports.All).Select(name => lake[$"gold/{name}/data/{name}.parquet"])];
        byte[][] old;
        await using (Lake open = await Lake.OpenAsync(lake.Options with { Create = true, Partitions = partitions }))
        {
            await open.AppendAsync(SentMessage.Batch(_sent[..300]));
            await open.CommitAsync();
            old = [.. gold.Select(File.ReadAllBytes)];
            await open.AppendAsync(SentMessage.Batch(_sent[300..]));
            await open.CommitAsync();
        }

        // As it is when its owner was killed between a commit and its gold; one file may have been written.
        byte[][] now = [.. gold.Select(File.ReadAllBytes)];
        for (int first = 0; first < gold.Length; first++)
        {
            for (int file = 0; file < gold.Length; file++)
            {
                await File.WriteAllBytesAsync(gold[file], file < first ? now[file] : old[file]);
            }

            foreach (CheckResult result in (CheckResult[])[lake.Reader().Check(), lake.Reader().CheckDeep()])
            {
                Assert.False(result.Passed);
                Assert.True(result.IsOnlyBehind, string.Join('\n', result.Findings.Where(finding => !finding.IsRight)));
                Assert.Equal(gold.Length - first, result.Findings.Count(finding => finding.IsBehind));
            }
        }

        await File.WriteAllBytesAsync(gold[0], old[0][..^20]);
        Assert.False(lake.Reader().Check().IsOnlyBehind);
        Assert.False(lake.Reader().CheckDeep().IsOnlyBehind);
        File.Delete(gold[0]);
        Assert.False(lake.Reader().Check().IsOnlyBehind);
        Assert.False(lake.Reader().CheckDeep().IsOnlyBehind);
        await File.WriteAllBytesAsync(gold[0], now[0]);
        File.Delete(Directory.GetFiles(lake["silver/messages/data"], "*.parquet", SearchOption.AllDirectories)[0]);
        Assert.False(lake.Reader().Check().IsOnlyBehind);
        Assert.False(lake.Reader().CheckDeep().IsOnlyBehind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Of_the_log_what_a_start_reads_is_checked_while_it_is_written_and_as_a_kill_leaves_it(int partitions)
    {
        using var lake = new LakeUnderTest();
        using var killed = new LakeUnderTest();
        await using (Lake open = await Lake.OpenAsync(lake.Options with { Partitions = partitions }))
        {
            for (int i = 0; i < 8; i++)
            {
                await open.AppendAsync(SentMessage.Batch(_sent[(i * 50)..((i + 1) * 50)]));
                if (i == 2)
                {
                    await open.CommitAsync();
                }

                LakeUnderTest.AssertPasses(lake.Reader().Check());
            }

            foreach (string file in Directory.GetFiles(lake.Path, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "lock"))
            {
                string copy = killed[Path.GetRelativePath(lake.Path, file)];
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                using var written = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using FileStream copied = File.Create(copy);
                await written.CopyToAsync(copied);
            }
        }

        LakeUnderTest.AssertPasses(lake.Reader().Check());
        LakeUnderTest.AssertPasses(killed.Reader().Check());
        string[] segments = Directory.GetFiles(killed["bronze/messages/log"], "*.log", SearchOption.AllDirectories);
        Assert.Equal(partitions, segments.Length);
        foreach (string segment in segments)
        {
            byte[] good = await File.ReadAllBytesAsync(segment);
            int end = good.AsSpan().LastIndexOfAnyExcept((byte)0);
            await File.WriteAllBytesAsync(segment, [.. good[..(end / 2)], (byte)(good[end / 2] ^ 1), .. good[(end / 2 + 1)..]]);
            AssertDamaged();
            await File.WriteAllBytesAsync(segment, good[..20]);
            AssertDamaged();
            File.Delete(segment);
            AssertDamaged();
            await File.WriteAllBytesAsync(segment, good);

            void AssertDamaged()
            {
                AssertFinds(killed, Path.GetFileName(segment));
                Assert.Contains(Path.GetFileName(segment), Assert.ThrowsAny<Exception>(() => Lake.Check(killed.Options)).Message, StringComparison.Ordinal);
                Assert.True(killed.Reader().Check().IsDamaged);
                Assert.True(killed.Reader().CheckDeep().IsDamaged);
            }
        }

        // A start finds no more than that.
        Assert.True(Lake.Check(killed.Options));
        LakeUnderTest.AssertPasses(killed.Reader().Check());
        await using Lake again = await killed.OpenAsync();
        await again.CommitAsync();
        Assert.Equal(_sent.Length, killed.Reader().Ledger.Total.Bronze);
    }

    private static void AssertFinds(LakeUnderTest lake, string what)
    {
        CheckResult result = lake.Reader().Check();
        Assert.False(result.Passed);
        Assert.Contains(result.Findings, finding => !finding.IsRight && (finding.Name + finding.Found).Contains(what, StringComparison.Ordinal));
    }

    private Task<LakeUnderTest> Filled() => Filled(_sent);

    private static async Task<LakeUnderTest> Filled(SentMessage[] sent)
    {
        var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(sent[..250]) + "not json\n");
        await open.CommitAsync();
        ExternalBronzeFile.Put(lake, "foreign.parquet", ExternalBronzeFile.Bytes(sent[250..]));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        await LakeUnderTest.IngestTextAsync(open, SentStreams.Of(5).Line);
        await open.CommitAsync();
        return lake;
    }
}
