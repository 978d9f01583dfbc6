using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Partitions;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.TestSupport;

namespace OrleansLake.Simulation;

/// <summary>A unit that is accepted and applied before each operation of a commit, whatever becomes of the commit.</summary>
public sealed class CommitUnderWayTests
{
    private const int Operations = 200;    // more than a commit has

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Rows_applied_during_a_commit_are_neither_lost_nor_doubled_when_it_fails_and_is_tried_again(bool fails, bool dies) => Sample.Each(
        3 * Operations, dies ? 1 : 0, step: 3, at =>
        {
            (FaultyMemoryStore store, Workload workload, SentUnits units) = Prepare(at);
            Meanwhile(store, workload, units, new FaultPlan { MeanwhileAt = at / 3, ErrorAt = fails ? (at / 3) + (at % 3) : -1, ErrorsComeAfter = at % 2 == 0 });
            Exception? failure = Record.Exception(workload.Commit);
            Assert.True(failure is null or IOException, $"{failure}");
            store.Plan(FaultPlan.None);
            if (dies)
            {
                workload.Abandon();
                store.Restart(CrashMode.Dropped, (int)at);
            }
            else
            {
                workload.Commit();
            }

            Settle(store, workload);
        });

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Reordered)]
    public void Rows_applied_during_a_commit_are_neither_lost_nor_doubled_by_a_crash_before_its_end(CrashMode mode) => Sample.Each(
        Operations * 10, (int)mode, step: 7, at =>
        {
            (FaultyMemoryStore store, Workload workload, SentUnits units) = Prepare(at);
            Meanwhile(store, workload, units, new FaultPlan { MeanwhileAt = at / 10, CrashAtChange = (at / 20) + (at % 10) });
            Record.Exception(workload.Commit);
            store.Plan(FaultPlan.None);
            workload.Abandon();
            store.Restart(mode, (int)at);
            Settle(store, workload);
        });

    // What is published already, and what the commit is to publish.
    private static (FaultyMemoryStore Store, Workload Workload, SentUnits Units) Prepare(long seed)
    {
        var store = new FaultyMemoryStore((int)seed);
        var units = new SentUnits();
        units.All.AddRange(Enumerable.Range(0, 4).Select(number => Unit.Make((int)seed, number, UnitKind.Batch)));
        var workload = new Workload(store, store, units);
        workload.Send(units.All[0]);
        if (seed % 2 == 0)
        {
            // Else the commit's snapshot is a base.
            workload.Commit();
        }

        workload.Send(units.All[1]);
        return (store, workload, units);
    }

    private static void Meanwhile(FaultyMemoryStore store, Workload workload, SentUnits units, FaultPlan plan) => store.Plan(plan with
    {
        Meanwhile = () =>
        {
            workload.Send(units.All[2]);
            LakePartition partition = workload.Open().Partition;
            partition.ApplyDurable();

            // Before the commit's first operations the lake may apply nothing yet.
            PartitionReading reading = partition.Read(LakeReports.All);
            LedgerCounts total = reading.Ledger.Total;
            Message[] applied = [.. units.All.SelectMany(unit => unit.Messages).Take((int)reading.Position.Offset).Select(message => message.Fields)];
            Assert.Equal((applied.Length, total.Bronze), (total.Bronze, total.Messages + total.MessagesCorrupted));
            Assert.Equal(Oracle.Report1(applied), Invariants.Text(ReportPart.Sum(LakeReports.Report1, [reading.Parts[0]])));
            Assert.Equal(Oracle.Report2(applied), Invariants.Text(ReportPart.Sum(LakeReports.Report2, [reading.Parts[1]])));
        },
    });

    private static void Settle(FaultyMemoryStore store, Workload workload)
    {
        Invariants.CheckReaders(store, workload);
        workload.Settle();
        Invariants.CheckSettled(store, workload);
    }
}
