using System.Globalization;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Simulation;

/// <summary>
/// External files go and change under a lake that is stopped at any change: their rows stay, what is accepted is
/// accepted, and nothing counts twice.
/// </summary>
public sealed class ExternalFilesTests
{
    private const string Kept = $"{LakePaths.BronzeData}/kept.parquet";
    private const string Gone = $"{LakePaths.BronzeData}/gone.parquet";
    private const string Other = $"{LakePaths.BronzeData}/other.parquet";

    private readonly Unit[] _units = [.. Enumerable.Range(0, 5).Select(number => Unit.Make(7, number, UnitKind.Foreign))];

    [Theory]
    [InlineData(CrashMode.Killed, 1)]
    [InlineData(CrashMode.Dropped, 1)]
    [InlineData(CrashMode.Torn, 1)]
    [InlineData(CrashMode.Reordered, 1)]
    [InlineData(CrashMode.Garbled, 1)]
    [InlineData(CrashMode.Dropped, 3)]
    [InlineData(CrashMode.Reordered, 3)]
    public void Crash_at_any_change_of_accepting_and_of_the_replay_after_it_keeps_every_row(CrashMode mode, int partitions)
    {
        FaultyMemoryStore measured = Made(partitions);
        Settle(measured, partitions);
        string[] expected = Read(measured);
        Assert.Equal(_units.Sum(unit => unit.Messages.Count).ToString(CultureInfo.InvariantCulture), expected[0]);
        Sample.Each(measured.Changes, (int)mode * 3, step: 41, change =>
        {
            FaultyMemoryStore store = Made(partitions);
            store.Plan(new FaultPlan { CrashAtChange = change });
            Assert.ThrowsAny<Exception>(() => Settle(store, partitions));
            store.Restart(mode, (int)change);
            Settle(store, partitions);
            Assert.Equal(expected, Read(store));
            Check(store, deep: true);

            // What was accepted is known when it comes back.
            Put(store, Gone, _units[1]);
            Run(store, partitions);
            Assert.Equal(expected, Read(store));
            Check(store, deep: true);
        });
    }

    [Theory]
    [InlineData(CrashMode.Killed, 1)]
    [InlineData(CrashMode.Dropped, 1)]
    [InlineData(CrashMode.Dropped, 3)]
    public void Crash_at_any_change_of_taking_in_and_a_file_that_goes_meanwhile_stops_nothing(CrashMode mode, int partitions)
    {
        FaultyMemoryStore full = Full(partitions);
        Run(full, partitions);
        string[] expected = Read(full);
        FaultyMemoryStore measured = Full(partitions);
        Run(measured, partitions);
        Sample.Each(measured.Changes, (int)mode, step: 37, change =>
        {
            FaultyMemoryStore store = Full(partitions);
            store.Plan(new FaultPlan { CrashAtChange = change });
            Assert.ThrowsAny<Exception>(() => Run(store, partitions));
            store.Restart(mode, (int)change);
            foreach (string path in (string[])[Kept, Gone, Other])
            {
                store.Delete(path);
            }

            // It continues; what no commit had is not there, and its places are.
            Run(store, partitions);
            Check(store, deep: false);
            Put(store, Kept, _units[0]);
            Put(store, Gone, _units[1]);
            Put(store, Other, _units[2]);
            Run(store, partitions);
            Replay(store, partitions);
            Assert.Equal(expected[0], Read(store)[0]);
            Check(store, deep: true);
        });
    }

    // Three files; of two that were ingested, one goes and one is replaced, and the lake has gone on since.
    private FaultyMemoryStore Made(int partitions)
    {
        FaultyMemoryStore store = Full(partitions);
        Run(store, partitions);
        store.Delete(Gone);
        Put(store, Other, _units[3]);
        Put(store, $"{LakePaths.BronzeData}/z.parquet", _units[4]);
        return store.Copy();
    }

    private FaultyMemoryStore Full(int partitions)
    {
        var store = new FaultyMemoryStore(1);
        Do(store, partitions, static _ => { });
        Put(store, Kept, _units[0]);
        Put(store, Gone, _units[1]);
        Put(store, Other, _units[2]);
        return store.Copy();
    }

    private static void Settle(FaultyMemoryStore store, int partitions) => Do(store, partitions, lake =>
    {
        Wait(lake.RunAsync(new RunOptions { UntilCaughtUp = true }));
        Wait(lake.AcceptExternalAsync(["gone.parquet", "other.parquet"]));
        Wait(lake.ReplayAsync());
        Wait(lake.RunAsync(new RunOptions { UntilCaughtUp = true }));
    });

    private static void Run(FaultyMemoryStore store, int partitions) =>
        Do(store, partitions, lake => Wait(lake.RunAsync(new RunOptions { UntilCaughtUp = true })));

    private static void Replay(FaultyMemoryStore store, int partitions) => Do(store, partitions, lake => Wait(lake.ReplayAsync()));

    private static void Do(FaultyMemoryStore store, int partitions, Action<Lake> work)
    {
        Lake lake = Lake.Open(store, new LakeOptions
        {
            Path = "memory",
            Create = true,
            Threads = 1,
            Partitions = partitions,
            Clock = new SteppingClock(),
            PendingRowsMax = 6,
            Partition = new PartitionStoreOptions { SegmentBytes = 4096, ManifestsKept = 2, BaseListChangesMin = 4, MergeFanIn = 2 },
        });
        work(lake);
        Wait(lake.DisposeAsync().AsTask());
    }

    private static void Put(FaultyMemoryStore store, string path, Unit unit) => store.Put(path, unit.ExternalBytes());

    private static void Check(FaultyMemoryStore store, bool deep) => store.Observe(() =>
    {
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        CheckFinding[] wrong = [.. (deep ? reader.CheckDeep(1) : reader.Check(1)).Findings.Where(finding => !finding.IsRight && (deep || finding.Name != "external file"))];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong.Select(finding => finding.ToString())));
        return true;
    });

    // Bronze, and the reports.
    private static string[] Read(FaultyMemoryStore store) => store.Observe(() =>
    {
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        return (string[])[reader.Ledger.Total.Bronze.ToString(CultureInfo.InvariantCulture), .. LakeReports.All.Select(report => Invariants.Text(reader.Report(report.Name)))];
    });

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
