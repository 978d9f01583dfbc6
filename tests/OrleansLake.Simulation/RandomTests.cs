using OrleansLake.Core.Messages;
using OrleansLake.Simulation.Workloads;

namespace OrleansLake.Simulation;

public sealed class RandomTests
{
    private const int Seeds = 1000;

    [Fact]
    public void Random_faults_in_random_workloads_lose_and_double_nothing() =>
        Sample.Each(Seeds, 0, step: 20, seed => new SimulatedRun((int)seed, Workload.Random((int)seed), ids: IdsOf(seed)).Random());

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

    // Every third lake has ids of other types.
    private static IdTypes IdsOf(long seed) => (seed % 9) switch
    {
        2 => new IdTypes(IdType.Number64, IdType.Text),
        5 => new IdTypes(IdType.Number64, IdType.Number32),
        8 => new IdTypes(IdType.Number32, IdType.Text),
        _ => IdTypes.Default,
    };
}
