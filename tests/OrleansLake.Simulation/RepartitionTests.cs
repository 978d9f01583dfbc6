using System.Buffers;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation;

/// <summary>A repartitioning that stops at any change leaves the old lake or the new one.</summary>
public sealed class RepartitionTests
{
    private static readonly LakeOptions Options = new()
    {
        Path = "memory",
        Create = true,
        Threads = 1,
        Clock = new SteppingClock(),
        PendingRowsMax = 40,
        Partition = new PartitionStoreOptions { SegmentBytes = 4096, ManifestsKept = 2, BaseListChangesMin = 4, MergeFanIn = 2 },
    };

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Torn)]
    [InlineData(CrashMode.Reordered)]
    [InlineData(CrashMode.Garbled)]
    public void Crash_at_any_change_leaves_the_old_lake_or_the_new_one(CrashMode mode)
    {
        FaultyMemoryStore measured = Make();
        (string, string, LedgerCounts) expected = Read(measured);
        measured.Plan(FaultPlan.None);
        LakePartitioning.Repartition(measured, Options, 3);
        int olds = 0, news = 0;
        Sample.Each(measured.Changes, (int)mode * 5, step: 29, change =>
        {
            FaultyMemoryStore store = Make();
            store.Plan(new FaultPlan { CrashAtChange = change });
            Assert.ThrowsAny<Exception>(() => LakePartitioning.Repartition(store, Options, 3));
            Assert.True(store.HasCrashed);
            store.Restart(mode, (int)change);
            int partitions = LakeDescription.Read(store).Partitions;
            Assert.True(partitions is 1 or 3, $"{partitions} partitions");
            Interlocked.Increment(ref partitions == 1 ? ref olds : ref news);
            Assert.Equal(expected, Read(store));
            if (partitions == 1)
            {
                // The old lake continues as if nothing had been.
                CatchUp(store);
                Assert.Equal(expected, Read(store));
            }

            LakePartitioning.Repartition(store, Options, 3);
            Assert.Equal(expected, Read(store));
            CheckResult check = LakeReader.Open(store, new SteppingClock()).CheckDeep(1);
            Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
            Assert.DoesNotContain(store.List("", recursive: true), file => file.Path.Contains("p00000", StringComparison.Ordinal) || file.Path.EndsWith(StagedStore.Suffix, StringComparison.Ordinal));
        });
        if (Environment.GetEnvironmentVariable("LAKE_SIMULATE_CASE") is null)
        {
            Assert.True(olds > 0 && news > 0, $"{olds} times the old lake, {news} times the new one");
        }
    }

    private static FaultyMemoryStore Make()
    {
        var store = new FaultyMemoryStore(1);
        Lake lake = Lake.Open(store, Options with { Clock = new SteppingClock() });
        for (int batch = 0; batch < 4; batch++)
        {
            var text = new StringBuilder();
            for (int i = 0; i < 30; i++)
            {
                // Copies at the same instant that differ in their user: the first in bronze counts.
                string time = $"2024-12-1{i % 3}T0{(i + batch) % 2}:00:00Z";
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $$"""{"timestamp":"{{time}}","message_id":"{{i % 17}}","event_type":"{{(i % 5 == 0 ? "NONE" : "SENT")}}","channel":"SMS","country_id":2001,"user_id":{{(batch * 100) + i}}}""").Append('\n');
            }

            text.Append("no json\n");
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
            lake.IngestAsync(new IngestInput(stream), new IngestOptions()).GetAwaiter().GetResult();
            if (batch < 3)
            {
                lake.RunAsync(new RunOptions { UntilCaughtUp = true }).GetAwaiter().GetResult();
            }
        }

        // The last batch stays in the log.
        lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return store.Copy();
    }

    private static void CatchUp(FaultyMemoryStore store)
    {
        Lake lake = Lake.Open(store, Options);
        lake.RunAsync(new RunOptions { UntilCaughtUp = true }).GetAwaiter().GetResult();
        lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static (string Report1, string Report2, LedgerCounts Ledger) Read(FaultyMemoryStore store)
    {
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        if (reader.Ledger.Total.Bronze < 120)
        {
            // What is in the log only is not published yet: compare what will be.
            FaultyMemoryStore copy = store.Copy();
            CatchUp(copy);
            reader = LakeReader.Open(copy, new SteppingClock());
        }

        return (Text(reader.Report("report1")), Text(reader.Report("report2")), reader.Ledger.Total);
    }

    private static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
