using OrleansLake.Core;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Simulation.Worlds;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation;

/// <summary>Tests what worlds have found, each at every operation at which it may happen.</summary>
public sealed class RegressionTests
{
    private const int PieceBytes = 1024 * 1024;
    private readonly SteppingClock _clock = new();
    private readonly Unit _unit = Unit.Make(1, 0, UnitKind.Batch);

    [Fact]
    public void Lake_whose_making_failed_half_way_is_made_durable_by_the_next_try()
    {
        bool failed = true;
        for (int at = 0; failed; at++)
        {
            var store = new FaultyMemoryStore(at);
            LakeOwner owner = Owner(store);
            store.Plan(new FaultPlan { ErrorAt = at });
            failed = Record.Exception(owner.Open) is IOException;
            store.Plan(FaultPlan.None);
            Assert.Equal(SendStatus.Stored, owner.Send(_unit).Status);
            owner.Die();
            store.Restart(CrashMode.Dropped, at);
            Assert.Equal(SendStatus.Repeated, Owner(store).Send(_unit).Status);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_that_goes_wrong_once_while_a_lake_is_opened_cuts_off_nothing(bool isShort)
    {
        var made = new FaultyMemoryStore(1);
        LakeOwner maker = Owner(made);
        Assert.Equal(SendStatus.Stored, maker.Send(_unit).Status);
        maker.Die();
        bool lied = true;
        for (int at = 0; lied; at++)
        {
            FaultyMemoryStore store = made.Copy();
            LakeOwner owner = Owner(store);
            store.Plan(new FaultPlan { LieAt = at, LieIsShort = isShort });
            Exception? noticed = Record.Exception(owner.Open);
            Assert.True(noticed is null or CorruptDataException or LakeException, $"{noticed}");
            lied = store.HasLied;
            owner.Die();
            store.Restart(CrashMode.Killed, at);
            Assert.Equal(SendStatus.Repeated, Owner(store).Send(_unit).Status);
        }
    }

    /// <summary>Compares what an earlier try published with what it wrote, and that read may go wrong, too.</summary>
    [Fact]
    public void Read_that_goes_wrong_while_a_failed_commit_is_tried_again_is_told_as_damage_and_loses_nothing()
    {
        bool failed = true;
        int told = 0;
        for (int at = 0; failed; at++)
        {
            bool lied = true;
            for (int lie = 0; lied; lie++)
            {
                var store = new FaultyMemoryStore(at);
                LakeOwner owner = Owner(store);
                Assert.Equal(SendStatus.Stored, owner.Send(_unit).Status);
                store.Plan(new FaultPlan { ErrorAt = at });
                failed = Record.Exception(owner.Commit) is IOException;
                store.Plan(new FaultPlan { LieAt = lie });
                Exception? noticed = Record.Exception(owner.Commit);
                Assert.True(noticed is null or CorruptDataException, $"{noticed}");
                lied = store.HasLied;
                told += noticed is null ? 0 : 1;
                store.Plan(FaultPlan.None);
                owner.Commit();
                owner.Die();
                store.Restart(CrashMode.Killed, at);
                Assert.Equal(SendStatus.Repeated, Owner(store).Send(_unit).Status);
            }
        }

        Assert.NotEqual(0, told);
    }

    [Fact]
    public void Opening_that_another_owner_overtakes_is_not_taken_for_damage()
    {
        bool overtaken = true;
        for (int at = 0; overtaken; at++)
        {
            var store = new FaultyMemoryStore(at);
            LakeOwner first = Owner(store);
            LakeOwner second = Owner(store);
            (overtaken, Exception? stopped) = Overtake(store, at, () => first.Open(), () => Assert.Equal(SendStatus.Stored, second.Send(_unit).Status));
            Assert.True(stopped is null or IOException or OwnershipLostException or LakeInUseException or LakeRefusedException, $"{stopped}");
            Assert.Equal(overtaken ? SendStatus.Repeated : SendStatus.Stored, Owner(store).Send(_unit).Status);
        }
    }

    /// <summary>Links what a replay's manifest says is to be linked, by the next owner, whose own replay removes it.</summary>
    [Fact]
    public void Replay_that_another_owner_overtakes_and_replays_again_is_not_taken_for_damage()
    {
        bool overtaken = true;
        for (int at = 0; overtaken; at++)
        {
            var store = new FaultyMemoryStore(at);
            LakeOwner first = Owner(store);
            LakeOwner second = Owner(store);
            Assert.Equal(SendStatus.Stored, first.Send(_unit).Status);
            first.Commit();
            (overtaken, Exception? stopped) = Overtake(store, at, first.Replay, second.Replay);
            Assert.True(stopped is null or IOException or OwnershipLostException or LogClosedException, $"{stopped}");
            Assert.Equal(SendStatus.Repeated, Owner(store).Send(_unit).Status);
        }
    }

    /// <summary>Pages carry checksums in Parquet, the footer does not; what it says of columns decides what is read.</summary>
    [Fact]
    public void Read_of_bronze_that_goes_wrong_during_a_replay_is_told_or_changes_nothing()
    {
        int told = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            var made = new FaultyMemoryStore(seed);
            LakeOwner maker = Owner(made);
            maker.Send(_unit);
            maker.CatchUp();
            maker.Close();
            string[] right = Reports(made);
            for (long lied = 0; lied >= 0;)
            {
                FaultyMemoryStore store = made.Copy();
                LakeOwner owner = Owner(store);
                owner.Open();
                store.Plan(new FaultPlan { LieAt = lied, LieIn = LakePaths.BronzeData });
                Exception? noticed = Record.Exception(owner.Replay);
                Assert.True(noticed is null or CorruptDataException or LakeException or ParquetException, $"{noticed}");
                lied = store.LiedAt < 0 ? -1 : store.LiedAt + 1;
                told += noticed is null ? 0 : 1;
                store.Plan(FaultPlan.None);
                Assert.Equal(right, Reports(store));
            }
        }

        Assert.True(told >= 240, $"{told} were reported");
    }

    [Fact]
    public void Body_whose_write_failed_is_not_said_to_be_absent()
    {
        var store = new FaultyMemoryStore(1);
        LakeOwner owner = Owner(store);
        owner.Open();
        store.Plan(new FaultPlan { ErrorAt = 0, ErrorsComeAfter = true });
        SendOutcome outcome = owner.Send(_unit);
        Assert.Equal((SendStatus.Unavailable, true), (outcome.Status, outcome.IsUnknown));
        owner.Die();
        store.Restart(CrashMode.Killed, 1);
        Assert.Equal(SendStatus.Repeated, Owner(store).Send(_unit).Status);
    }

    /// <summary>The commit failed while a start read the log; the rows after it were in the reports, and in no file.</summary>
    [Fact]
    public void Commit_that_fails_while_a_log_is_read_back_is_tried_again_before_more_is_applied() =>
        new SimulatedRun(782, Workload.Random(782)).Random();

    /// <summary>The sweep that should have taken the file failed, and later ones left it alone.</summary>
    [Fact]
    public void Bronze_file_of_a_commit_that_never_came_is_swept_after_its_rows_were_published_by_another() =>
        new SimulatedRun(46, Workload.Random(46)).Random();

    [Fact]
    public void File_that_a_replay_removed_never_comes_back_once_a_later_manifest_is_silent_about_it()
    {
        // In a folder that gets no other file: nothing else makes it durable that this one is gone.
        const string Removed = LakePaths.MessagesData + "/date=1999-12-31/part-0.parquet";
        Unit later = Unit.Make(1, 1, UnitKind.Batch);
        long replayed = 0;
        bool crashed = true;
        for (int at = -1; crashed || at <= 0; at++)
        {
            // The first time nothing crashes, and tells the number of the manifest that removes.
            var store = new FaultyMemoryStore(at);
            LakeOwner owner = Owner(store);
            Assert.Equal(SendStatus.Stored, owner.Send(_unit).Status);
            owner.Commit();
            store.Put(Removed, "of another program"u8.ToArray());
            store.Plan(new FaultPlan { CrashAtChange = at });
            Exception? stopped = Record.Exception(() =>
            {
                owner.Replay();
                replayed = at < 0 ? RemovalOf(Removed, store) : replayed;
                owner.Send(later);
                owner.Commit();
            });
            crashed = store.HasCrashed;
            Assert.True(crashed || stopped is null, $"{stopped}");
            owner.Die();
            store.Restart(CrashMode.Dropped, at);
            long newest = Newest(store);
            if (newest != replayed)
            {
                Assert.Equal(newest < replayed, store.Find(Removed) is not null);
            }

            // What the crash interrupted is completed, and forgotten by a later manifest; then the power fails again.
            LakeOwner next = Owner(store);
            next.Send(later);
            next.Commit();
            next.Die();
            store.Restart(CrashMode.Dropped, at);
            Assert.Equal(newest < replayed, store.Find(Removed) is not null);
        }
    }

    // What another owner does before an operation of the first one; afterwards the lake is free for a third.
    private static (bool Overtaken, Exception? Stopped) Overtake(FaultyMemoryStore store, int at, Action first, Action second)
    {
        bool overtaken = false;
        store.Plan(new FaultPlan
        {
            MeanwhileAt = at,
            Meanwhile = () =>
            {
                overtaken = true;
                store.LoseLocks();
                second();
            },
        });
        Exception? stopped = Record.Exception(first);
        store.Plan(FaultPlan.None);
        store.LoseLocks();
        return (overtaken, stopped);
    }

    private string[] Reports(FaultyMemoryStore store) => store.Observe(() =>
    {
        LakeReader reader = LakeReader.Open(store, _clock);
        return LakeReports.All.Select(report => Invariants.Text(reader.Report(report.Name))).ToArray();
    });

    private static long Newest(FaultyMemoryStore store) =>
        store.Observe(() => PartitionReader.ReadLatest(store, new PartitionId(0))!.Manifest.Number);

    private static long RemovalOf(string path, FaultyMemoryStore store) => store.Observe(() =>
    {
        long number = Newest(store);
        while (!ManifestFiles.Deserialize("", store.ReadAll(LakePaths.Manifest(default, number)), default, number).PendingRemovals.Contains(path))
        {
            number--;
        }

        return number;
    });

    private LakeOwner Owner(FaultyMemoryStore store) => new(store, _clock, PieceBytes);
}
