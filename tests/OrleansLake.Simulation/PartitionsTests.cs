using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Reading;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.TestSupport;

namespace OrleansLake.Simulation;

/// <summary>
/// A process that owns many partitions, whose logs become durable one after the other, stopped at any change: what was
/// acknowledged is there, and what is done again is there once.
/// </summary>
public sealed class PartitionsTests : IDisposable
{
    private const int Partitions = 3;
    private static readonly IngestOptions Small = new() { ReadsInline = true, BlockBytes = 700 };
    private static readonly LakeOptions Options = new()
    {
        Path = "memory",
        Create = true,
        Partitions = Partitions,
        Threads = 1,
        PendingRowsMax = 40,
        Partition = new PartitionStoreOptions { SegmentBytes = 4096, ManifestsKept = 2, BaseListChangesMin = 4, MergeFanIn = 2 },
    };

    private readonly ScratchFolder _sources = new();
    private readonly List<SentMessage> _sent = [];
    private readonly List<(Func<Lake, FaultyMemoryStore, Task> Do, int SentUpTo)> _steps = [];

    public PartitionsTests()
    {
        File.WriteAllText(_sources["first.ndjson"], Text(1, 30));
        Add((lake, _) => lake.IngestAsync(new IngestFile(_sources["first.ndjson"]), Small));
        Add((lake, _) => lake.RunAsync(new RunOptions { UntilCaughtUp = true }));
        byte[] batch = Encoding.UTF8.GetBytes(Text(2, 20));
        Add((lake, _) => lake.IngestAsync(new IngestInput(new MemoryStream(batch)), Small with { Key = SendKey.Batch("simulated", 1) }));
        AddTopic();
        AddReplayed();
        File.WriteAllText(_sources["second.ndjson"], Text(3, 20));
        Add((lake, _) => lake.IngestAsync(new IngestFile(_sources["second.ndjson"]), Small with { FollowUp = true }));
        Add((lake, _) => lake.ReplayAsync());
        AddExternal("first");
        byte[] last = Encoding.UTF8.GetBytes(Text(4, 12));
        Add((lake, _) => lake.IngestAsync(new IngestInput(new MemoryStream(last)), Small with { Key = SendKey.Batch("simulated", 2) }));
        Add((lake, _) => lake.RunAsync(new RunOptions { UntilCaughtUp = true }));
    }

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Torn)]
    [InlineData(CrashMode.Reordered)]
    [InlineData(CrashMode.Garbled)]
    public void Crash_at_any_change_loses_and_doubles_nothing(CrashMode mode) => Sample.Each(Measure().Changes, (int)mode * 11, step: 61, change =>
    {
        var store = new FaultyMemoryStore((int)change) { IsShared = true };
        store.Plan(new FaultPlan { CrashAtChange = change });
        int done = RunFrom(0, store);
        store.Restart(mode, (int)change);
        Settle(store, done);
        Finish(store, done);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Operation_that_fails_once_loses_and_doubles_nothing(bool comesAfter) => Sample.Each(Measure().Operations, comesAfter ? 19 : 0, step: 211, operation =>
    {
        var store = new FaultyMemoryStore((int)operation) { IsShared = true };
        store.Plan(new FaultPlan { ErrorAt = operation, ErrorsComeAfter = comesAfter });
        int done = RunFrom(0, store);
        store.Restart(CrashMode.Killed, (int)operation);
        Settle(store, done);
        Finish(store, done);
    });

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Reordered)]
    public void Starting_empty_that_stops_at_any_change_leaves_all_of_the_lake_or_nothing(CrashMode mode)
    {
        var full = new FaultyMemoryStore(1) { IsShared = true };
        RunFrom(0, full);
        FaultyMemoryStore measured = full.Copy();
        StartEmpty(measured);
        Sample.Each(measured.Changes, (int)mode * 3, step: 13, change =>
        {
            FaultyMemoryStore store = full.Copy();
            store.Plan(new FaultPlan { CrashAtChange = change });
            Assert.ThrowsAny<Exception>(() => StartEmpty(store));
            store.Restart(mode, (int)change);
            int found = Settle(store, done: 0);
            Assert.True(found == 0 || found == _sent.Count, $"{found} of {_sent.Count} are left");
            StartEmpty(store);
            Assert.Equal(0, Settle(store, done: 0));

            // What was sent before is forgotten with the lake.
            Finish(store, done: 0);
        });
    }

    private (long Operations, long Changes) Measure()
    {
        var store = new FaultyMemoryStore(1) { IsShared = true };
        Assert.Equal(_steps.Count, RunFrom(0, store));
        Settle(store, _steps.Count);
        return (store.Operations, store.Changes);
    }

    // How many steps were done until something stopped them.
    private int RunFrom(int first, FaultyMemoryStore store)
    {
        int done = first;
        try
        {
            Lake lake = Open(store);
            for (; done < _steps.Count; done++)
            {
                _steps[done].Do(lake, store).GetAwaiter().GetResult();
            }

            lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (store.HasCrashed || e is IOException or LogClosedException)
        {
            // That is the plan; what a process does that is gone already does not count.
        }

        return done;
    }

    private void Finish(FaultyMemoryStore store, int done)
    {
        Assert.Equal(_steps.Count, RunFrom(done, store));
        Assert.Equal(_sent.Count, Settle(store, _steps.Count));
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        Assert.Equal(reader.Quarantine().Count(), reader.SettledCount());
    }

    // All that is durable is published; each message is there once, and those of the steps that are done are there. Returns how many.
    private int Settle(FaultyMemoryStore store, int done)
    {
        Lake lake = Open(store);
        lake.RunAsync(new RunOptions { UntilCaughtUp = true }).GetAwaiter().GetResult();
        lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        CheckResult check = reader.CheckDeep(1);
        Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));

        // In the order of bronze, as far as it decides anything: all copies of a message are in one partition.
        SentMessage[] bronze = [.. LakeDescription.Read(store).PartitionIds.SelectMany((id, place) => Bronze(store, id, place))];
        Assert.Empty(bronze.GroupBy(message => message.Value).Where(copies => copies.Count() > 1).Select(copies => copies.Key));
        Assert.Empty(bronze.Except(_sent));
        Assert.Empty(_sent.Take(done == 0 ? 0 : _steps[done - 1].SentUpTo).Except(bronze));
        Assert.Equal(Oracle.Report1(bronze.Select(message => message.Fields)), Invariants.Text(reader.Report("report1")));
        Assert.Equal(Oracle.Report2(bronze.Select(message => message.Fields)), Invariants.Text(reader.Report("report2")));
        return bronze.Length;
    }

    private static List<SentMessage> Bronze(FaultyMemoryStore store, PartitionId id, int place)
    {
        ManifestView view = PartitionReader.ReadLatest(store, id)!;
        var share = new PartitionSlice(place, Partitions);
        return Invariants.Bronze(
            view, PartitionReader.ReadRegistry(store, view.Manifest),
            path => [.. ExternalBronze.Read(store, path, LakeTimeZone.Utc, IdTypes.Default, new ParallelWork(1)).Select(share.Of).OfType<MessageBatch>().SelectMany(Invariants.Messages)]);
    }

    private static Lake Open(FaultyMemoryStore store) => Lake.Open(store, Options with { Clock = new SteppingClock() });

    private static void StartEmpty(FaultyMemoryStore store)
    {
        Lake lake = Open(store);
        lake.StartEmptyAsync().GetAwaiter().GetResult();
        lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Add(Func<Lake, FaultyMemoryStore, Task> step) => _steps.Add((step, _sent.Count));

    // Records of a topic, in batches from where the lake is: it knows what of them it has.
    private void AddTopic()
    {
        var random = new Random(77);
        SentMessage[] messages = [.. Enumerable.Range(0, 40).Select(i => SentMessage.Make(random, $"record {i} {new string('x', random.Next(60))}"))];
        _sent.AddRange(messages);
        Add(async (lake, _) =>
        {
            for (long at = Position(lake); at < messages.Length; at = Position(lake))
            {
                long end = Math.Min(messages.Length, at + 15);
                TopicRecord[] records = [.. Enumerable.Range((int)at, (int)(end - at)).Select(i => new TopicRecord(i, Encoding.UTF8.GetBytes(messages[i].ToNdjson())))];
                SendOutcome outcome = await lake.Topics.SendAsync(new TopicBatch("topic", 0, records, end), default);
                if (outcome.Status == SendStatus.Busy)
                {
                    await lake.RunAsync(new RunOptions { UntilCaughtUp = true });
                }
                else if (!outcome.IsAcknowledged)
                {
                    throw new IOException(outcome.Reason);
                }
            }
        });

        static long Position(Lake lake) => lake.Topics.Positions().GetValueOrDefault(("topic", 0));
    }

    // An external file, of which each partition takes its own rows.
    private void AddExternal(string name)
    {
        Unit unit = Unit.Make(5, 500, UnitKind.Foreign);
        _sent.AddRange(unit.Messages);
        byte[] bytes = unit.ExternalBytes();
        Add((lake, store) =>
        {
            string path = $"{LakePaths.BronzeData}/{name}.parquet";
            if (store.Find(path) is null)
            {
                store.Put(path, bytes);
            }

            return lake.RunAsync(new RunOptions { UntilCaughtUp = true });
        });
    }

    // Rejected records become two messages each, of whatever partition; the last of each unit is dismissed.
    private void AddReplayed()
    {
        var random = new Random(99);
        var mended = new Dictionary<string, string>();
        var dismissed = new List<string>();
        for (int unit = 1; unit <= 2; unit++)
        {
            for (int i = 0; i < 4; i++)
            {
                if (i == 3)
                {
                    dismissed.Add(Rejected(unit, i));
                    continue;
                }

                SentMessage[] messages = [SentMessage.Make(random, $"edited {unit}.{i}"), SentMessage.Make(random, $"edited {unit}.{i} too")];
                mended.Add(Rejected(unit, i), string.Concat(messages.Select(message => message.ToNdjson())));
                _sent.AddRange(messages);
            }
        }

        Add((lake, store) => lake.ReplayQuarantineAsync(new QuarantineReplayOptions
        {
            Fixes = LakeReader.Open(store, new SteppingClock()).Quarantine()
                .Where(entry => mended.ContainsKey(Encoding.UTF8.GetString(entry.Rejection.Raw)))
                .ToDictionary(entry => entry.Id, entry => Encoding.UTF8.GetBytes(mended[Encoding.UTF8.GetString(entry.Rejection.Raw)])),
        }));
        Add((lake, store) => lake.DismissAsync(new DismissOptions(
            [.. LakeReader.Open(store, new SteppingClock()).Quarantine()
                .Where(entry => dismissed.Contains(Encoding.UTF8.GetString(entry.Rejection.Raw)))
                .Select(entry => new QuarantineRange(entry.Id, entry.Id))],
            "nobody sends it again")));
    }

    // Messages, and in those that are replayed four lines that are none.
    private string Text(int unit, int count)
    {
        var random = new Random(unit);
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            var message = SentMessage.Make(random, $"unit {unit} row {i} {new string('x', random.Next(60))}");
            _sent.Add(message);
            text.Append(message.ToNdjson());
            if (unit <= 2 && i is > 2 and < 7)
            {
                text.Append(Rejected(unit, i - 3)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Rejected(int unit, int i) => string.Create(CultureInfo.InvariantCulture, $"rejected {unit} {i}");
}
