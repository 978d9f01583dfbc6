using OrleansLake.Core.Messages;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;

namespace OrleansLake.Simulation;

/// <summary>
/// The fixed workload, stopped at every change, with every operation failing once and from there on, and each of these
/// again with a second crash during the recovery.
/// </summary>
public sealed class CrashTests
{
    // Operations of a recovery that crash, one for each case: more than a recovery has, so that some end well.
    private const int RecoveryChanges = 60;

    private static readonly (long Operations, long Changes) Size = SimulatedRun.Measure(1, Workload.Fixed);

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Torn)]
    [InlineData(CrashMode.Reordered)]
    [InlineData(CrashMode.Garbled)]
    public void Crash_at_any_change_loses_and_doubles_nothing(CrashMode mode) => Sample.Each(
        Size.Changes, (int)mode * 7, step: 97,
        change => new SimulatedRun(1, Workload.Fixed).Crash(change, mode));

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Reordered)]
    public void Crash_of_a_lake_that_keeps_more_of_records_loses_and_doubles_nothing(CrashMode mode) => Sample.Each(
        Size.Changes, 11 + (int)mode, step: 193,
        change => new SimulatedRun(1, Workload.Fixed, keep: KeptFields.Attributes | KeptFields.Source).Crash(change, mode, Second(change)));

    [Theory]
    [InlineData(CrashMode.Killed, IdType.Number64, IdType.Text)]
    [InlineData(CrashMode.Torn, IdType.Number64, IdType.Text)]
    [InlineData(CrashMode.Reordered, IdType.Number64, IdType.Number32)]
    [InlineData(CrashMode.Garbled, IdType.Number32, IdType.Text)]
    public void Crash_of_a_lake_with_other_types_of_ids_loses_and_doubles_nothing(CrashMode mode, IdType user, IdType country) => Sample.Each(
        Size.Changes, 23 + (int)mode, step: 193,
        change => new SimulatedRun(1, Workload.Fixed, ids: new IdTypes(user, country)).Crash(change, mode, Second(change)));

    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Torn)]
    [InlineData(CrashMode.Reordered)]
    [InlineData(CrashMode.Garbled)]
    public void Crash_during_the_recovery_from_a_crash_loses_and_doubles_nothing(CrashMode mode) => Sample.Each(
        Size.Changes, 3 + (int)mode, step: 211,
        change => new SimulatedRun(1, Workload.Fixed).Crash(change, mode, Second(change)));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Operation_that_fails_once_loses_and_doubles_nothing(bool comesAfter, bool recoveryCrashes) => Sample.Each(
        Size.Operations, recoveryCrashes ? 17 : 0, step: 311,
        operation => new SimulatedRun(1, Workload.Fixed).Fail(
            new FaultPlan { ErrorAt = operation, ErrorsComeAfter = comesAfter },
            recoveryCrashes ? Second(operation) : -1,
            Mode(operation)));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Disk_that_fails_or_is_full_from_some_operation_on_loses_and_doubles_nothing(bool isFull, bool recoveryCrashes) => Sample.Each(
        Size.Operations, recoveryCrashes ? 29 : 5, step: 407,
        operation => new SimulatedRun(1, Workload.Fixed).Fail(
            new FaultPlan { ErrorAt = operation, ErrorsStay = true, IsDiskFull = isFull },
            recoveryCrashes ? Second(operation) : -1,
            Mode(operation)));

    private static long Second(long first) => first * 7 % RecoveryChanges;

    private static CrashMode Mode(long operation) => (CrashMode)(operation % 5);
}
