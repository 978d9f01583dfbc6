using System.Globalization;
using OrleansLake.Simulation.Worlds;

namespace OrleansLake.Simulation;

/// <summary>
/// Worlds by seed: 400 of them, or as many as <c>LAKE_SIMULATE_SEEDS</c> says, from <c>LAKE_SIMULATE_FIRST</c> on.
/// </summary>
public sealed class WorldTests
{
    private const string First = "LAKE_SIMULATE_FIRST";
    private const string Count = "LAKE_SIMULATE_SEEDS";

    [Fact]
    public void World_keeps_every_invariant_whatever_happens_in_it()
    {
        int first = Number(First, 0);
        Sample.All(
            first, Number(Count, 400), seed => new World((int)seed).Run(),
            seed => $"{First}={seed} {Count}=1 dotnet test -c Release tests/OrleansLake.Simulation --filter {nameof(World_keeps_every_invariant_whatever_happens_in_it)}");
    }

    [Fact]
    public void Same_seed_gives_the_same_world()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Assert.Equal(Trace(seed), Trace(seed));
        }

        Assert.NotEqual(Trace(1), Trace(2));

        static ulong Trace(int seed)
        {
            var world = new World(seed);
            world.Run();
            return world.Store.TraceHash;
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
