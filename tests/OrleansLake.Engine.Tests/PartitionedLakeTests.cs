using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>A lake of many partitions reads as one of one does.</summary>
public class PartitionedLakeTests
{
    [Fact]
    public async Task Reports_ledger_and_checks_are_of_all_partitions_before_and_after_gold_is_written()
    {
        using var one = new LakeUnderTest();
        await IngestAsync(one);
        using var many = new LakeUnderTest();
        var store = new LocalStore(many.Path, Durability.None);
        PartitionedLake lake = PartitionedLake.Open(store, many.Options with { Partitions = 4 });
        var committed = new List<CommittedReports>();
        var partitions = new List<LakePartition>();
        MessageBatch?[] parts = PartitionedMessages.Split(Bronze(one), 4);
        for (int number = 0; number < 4; number++)
        {
            LakePartition partition = lake.OpenPartition(new PartitionId(number));
            partition.Accept(new FrameContent { Rows = parts[number]! });
            partition.Flush();
            partition.StartApplying(CancellationToken.None);
            partition.Commit();
            committed.Add(partition.Committed!);
            partitions.Add(partition);
        }

        LakeReader reader = many.Reader();
        AssertSame(one.Reader(), reader);
        foreach (CheckResult check in (CheckResult[])[reader.Check(), reader.CheckDeep()])
        {
            Assert.True(check.IsOnlyBehind, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
            Assert.Equal(GoldFiles.Names(LakeReports.All).Count, check.Findings.Count(finding => finding.IsBehind && finding.Found.Contains("not there yet", StringComparison.Ordinal)));
        }

        lake.PublishGold(partitions[0], committed);
        partitions.ForEach(partition => partition.Dispose());
        reader = many.Reader();
        Assert.Equal(4, reader.Partitions);
        AssertSame(one.Reader(), reader);
        Assert.Equal(one.Reader().Ledger.ByDate.OrderBy(day => day.Key), reader.Ledger.ByDate.OrderBy(day => day.Key));
        foreach (CheckResult check in (CheckResult[])[reader.Check(), reader.CheckDeep()])
        {
            Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
        }

        // What was there and has gone is not behind, and no words of the system's say so.
        Directory.Delete(many["gold"], recursive: true);
        foreach (CheckResult check in (CheckResult[])[many.Reader().Check(), many.Reader().CheckDeep()])
        {
            CheckFinding[] wrong = [.. check.Findings.Where(finding => !finding.IsRight)];
            Assert.Equal(GoldFiles.Names(LakeReports.All).Count, wrong.Length);
            Assert.All(wrong, finding => Assert.Contains("missing", finding.Found, StringComparison.Ordinal));
            Assert.DoesNotContain(wrong, finding => finding.IsBehind);
        }
    }

    [Fact]
    public async Task Damage_in_any_partition_is_found()
    {
        using var one = new LakeUnderTest();
        await IngestAsync(one);
        using var many = new LakeUnderTest();
        var store = new LocalStore(many.Path, Durability.None);
        PartitionedLake lake = PartitionedLake.Open(store, many.Options with { Partitions = 2 });
        MessageBatch?[] parts = PartitionedMessages.Split(Bronze(one), 2);
        for (int number = 0; number < 2; number++)
        {
            using LakePartition partition = lake.OpenPartition(new PartitionId(number));
            partition.Accept(new FrameContent { Rows = parts[number]! });
            partition.Flush();
            partition.StartApplying(CancellationToken.None);
            partition.Commit();
        }

        string file = many.Reader().Files.First(file => file.Path.Contains("part-p00001", StringComparison.Ordinal) && file.Kind == DataKind.Messages).Path;
        byte[] bytes = await File.ReadAllBytesAsync(many[file]);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(many[file], bytes);
        Assert.True(many.Reader().Check().IsDamaged);
        Assert.True(many.Reader().CheckDeep().IsDamaged);
        File.Delete(many[file]);
        Assert.True(many.Reader().Check().IsDamaged);
    }

    [Fact]
    public async Task A_process_that_ran_it_before_it_was_repartitioned_takes_nothing_any_more()
    {
        using var many = new LakeUnderTest();
        var store = new LocalStore(many.Path, Durability.None);
        PartitionedLake before = PartitionedLake.Open(store, many.Options with { Partitions = 2 });
        using (LakePartition stale = before.OpenPartition(new PartitionId(0)))
        {
            await LakePartitioning.RepartitionAsync(many.Options, 3);
            stale.Accept(new FrameContent { Rows = SentMessage.Batch([SentStreams.Of(1)]) });
            Assert.Throws<OwnershipLostException>(stale.Flush);
        }

        LakeException refused = Assert.Throws<LakeException>(() => before.OpenPartition(new PartitionId(1)));
        Assert.Contains("start the process again", refused.Message, StringComparison.Ordinal);
        using LakePartition opened = PartitionedLake.Open(store, many.Options).OpenPartition(new PartitionId(2));
    }

    [Fact]
    public async Task Partitions_that_were_given_away_come_back_though_one_of_them_cannot()
    {
        using var many = new LakeUnderTest();
        PartitionedLake lake = PartitionedLake.Open(new LocalStore(many.Path, Durability.None), many.Options with { Partitions = 2 });
        bool isBroken = false;
        using var owned = new OwnedPartitions(
            2, place => isBroken && place == 0 ? throw new IOException("no such disk") : lake.OpenPartition(new PartitionId(place)), new ParallelWork(1), TimeProvider.System);
        owned.Suspend();
        Assert.Throws<LogClosedException>(owned.Open);
        isBroken = true;
        Assert.Contains("no such disk", Assert.Throws<LogClosedException>(owned.Resume).Message, StringComparison.Ordinal);
        Assert.False(owned.All[1].Open().IsClosed);
        isBroken = false;
        await ManualClock.UntilAsync(() => Opens(owned), "the first partition again");
        Assert.All(owned.Current.All, partition => Assert.False(partition.IsClosed));

        static bool Opens(OwnedPartitions owned)
        {
            try
            {
                owned.Open();
                return true;
            }
            catch (LogClosedException)
            {
                return false;
            }
        }
    }

    private static async Task IngestAsync(LakeUnderTest lake)
    {
        await using (Lake opened = await lake.OpenAsync())
        {
            await opened.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), LakeUnderTest.Plain);
        }

        await lake.CatchUpAsync();
    }

    private static MessageBatch Bronze(LakeUnderTest lake)
    {
        string file = Assert.Single(lake.Reader().Files, file => file.Kind == DataKind.Bronze).Path;
        return Assert.Single(Reading.ExternalBronze.Read(new LocalStore(lake.Path), file, lake.Reader().TimeZone, IdTypes.Default, new ParallelWork(1)));
    }

    private static void AssertSame(LakeReader expected, LakeReader found)
    {
        foreach (ReportDefinition report in LakeReports.All)
        {
            Assert.Equal(LakeUnderTest.Ndjson(expected.Report(report.Name)), LakeUnderTest.Ndjson(found.Report(report.Name)));
        }

        Assert.Equal(expected.Ledger.Total, found.Ledger.Total);
    }
}
