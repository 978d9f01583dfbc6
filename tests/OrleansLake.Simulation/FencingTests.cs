using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Simulation;

public sealed class FencingTests
{
    private const int Units = 16;
    private const int TurnsMax = 300;

    [Fact]
    public void Owners_that_lost_the_lock_and_wake_up_lose_and_double_nothing() => Sample.Each(200, 0, step: 8, seed => Duel((int)seed, isBlind: false));

    [Fact]
    public void Owners_that_do_not_look_for_a_later_one_are_caught() =>
        Assert.Contains(Enumerable.Range(0, 10), seed => Record.Exception(() => Duel(seed, isBlind: true)) is not null);

    // Two processes work on one lake, and neither knows when it lost it.
    private static void Duel(int seed, bool isBlind)
    {
        var random = new Random(seed);
        var store = new FaultyMemoryStore(seed);
        var units = new SentUnits();
        units.All.AddRange(Enumerable.Range(0, Units).Select(number => Unit.Make(seed, number, UnitKind.Batch)));
        Workload[] owners = [Owner(), Owner()];
        Exception? last = null;
        for (int turn = 0; units.AcknowledgedCount < Units && (turn < TurnsMax || !isBlind); turn++)
        {
            Assert.True(turn < TurnsMax, $"they get nowhere: {last}");
            Workload owner = owners[random.Next(4) / 3];
            try
            {
                store.LoseLocks();
                if (random.Next(3) > 0)
                {
                    owner.Send(units.All[units.AcknowledgedCount]);
                }
                else
                {
                    owner.Commit();
                }
            }
            catch (Exception e) when (e is OwnershipLostException or LogClosedException or IOException)
            {
                last = e;
                owner.Abandon();
                if (random.Next(2) == 0)
                {
                    (owners[0], owners[1]) = (owners[1], owners[0]);
                }
            }
        }

        store.LoseLocks();
        var settled = new Workload(store, store, units);
        settled.Settle();
        Invariants.CheckSettled(store, settled);

        Workload Owner() => new(store, isBlind ? new EpochBlindStore(store) : store, units);
    }
}
