using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;

namespace OrleansLake.Simulation;

public sealed class PlantedBugTests
{
    [Theory]
    [InlineData(PlantedBug.SkipFileSync)]
    [InlineData(PlantedBug.SkipFolderSync)]
    [InlineData(PlantedBug.PublishManifestFirst)]
    [InlineData(PlantedBug.ApplyTwice)]
    [InlineData(PlantedBug.DropRetraction)]
    public void Planted_bug_is_caught(PlantedBug bug)
    {
        Exception? caught = null;
        for (int change = 50; change < 400 && caught is null; change += 7)
        {
            caught = Record.Exception(() => new SimulatedRun(1, Workload.Fixed, bug).Crash(change, CrashMode.Dropped));
        }

        Assert.NotNull(caught);
    }
}
