using OrleansLake.Core;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using Xunit.Sdk;

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
        // What an invariant or the engine says, not what goes wrong in planting.
        Exception? caught = null;
        for (int change = 50; change < 400 && caught is not (XunitException or CorruptDataException); change += 7)
        {
            caught = Record.Exception(() => new SimulatedRun(1, Workload.Fixed, bug).Crash(change, CrashMode.Dropped));
            Assert.True(caught is null or XunitException or CorruptDataException or InvalidOperationException, $"{caught}");
        }

        Assert.True(caught is XunitException or CorruptDataException, $"{caught}");
    }
}
