using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;

namespace OrleansLake.Simulation;

public sealed class CrashTests
{
    [Theory]
    [InlineData(CrashMode.Killed)]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Torn)]
    [InlineData(CrashMode.Reordered)]
    [InlineData(CrashMode.Garbled)]
    public void Crash_at_any_change_loses_and_doubles_nothing(CrashMode mode) => Sample.Each(
        SimulatedRun.Measure(1, Workload.Fixed).Changes, (int)mode * 7, step: 97,
        change => new SimulatedRun(1, Workload.Fixed).Crash(change, mode));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Operation_that_fails_once_loses_and_doubles_nothing(bool comesAfter) => Sample.Each(
        SimulatedRun.Measure(1, Workload.Fixed).Operations, 0, step: 211,
        operation => new SimulatedRun(1, Workload.Fixed).Fail(new FaultPlan { ErrorAt = operation, ErrorsComeAfter = comesAfter }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Disk_that_fails_or_is_full_from_some_operation_on_loses_and_doubles_nothing(bool isFull) => Sample.Each(
        SimulatedRun.Measure(1, Workload.Fixed).Operations, 5, step: 307,
        operation => new SimulatedRun(1, Workload.Fixed).Fail(new FaultPlan { ErrorAt = operation, ErrorsStay = true, IsDiskFull = isFull }));

    [Fact]
    public void Crash_during_the_recovery_from_a_crash_loses_and_doubles_nothing() => Sample.Each(
        SimulatedRun.Measure(1, Workload.Fixed).Changes, 3, step: 83,
        change => new SimulatedRun(1, Workload.Fixed).Crash(change, (CrashMode)(change % 5), change * 7 % 40));
}
