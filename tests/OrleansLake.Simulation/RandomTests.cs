using OrleansLake.Simulation.Workloads;

namespace OrleansLake.Simulation;

public sealed class RandomTests
{
    private const int Seeds = 1000;

    [Fact]
    public void Random_faults_in_random_workloads_lose_and_double_nothing() =>
        Sample.Each(Seeds, 0, step: 20, seed => new SimulatedRun((int)seed, Workload.Random((int)seed)).Random());

    [Fact]
    public void Same_seed_gives_the_same_trace()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            Assert.Equal(Trace(seed), Trace(seed));
        }

        Assert.NotEqual(Trace(1), Trace(2));

        static ulong Trace(int seed)
        {
            var run = new SimulatedRun(seed, Workload.Random(seed));
            run.Random();
            return run.Store.TraceHash;
        }
    }
}
