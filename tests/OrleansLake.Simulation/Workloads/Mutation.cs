using System.Collections;
using System.Reflection;
using OrleansLake.Engine;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Simulation.Workloads;

/// <summary>Mistakes of the engine, made from outside, in what it keeps in memory: the product has no code for them.</summary>
internal static class Mutation
{
    private const BindingFlags Anything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The oldest frame that waits to be applied is applied now, and once more when its turn comes.</summary>
    public static void ApplyEarly(Lake lake)
    {
        var accepted = (Queue<Accepted>)Field(Field(lake.Partition, "_writer"), "_accepted");
        if (accepted.TryPeek(out Accepted first) && first.Content.Rows is { } rows)
        {
            var applier = (BatchApplier)Field(Field(lake.Partition, "_applier"), "_applier");
            StateOf(lake).Pending.Add(applier.Apply(rows, first.Frame.Start.Offset, isInBronze: false));
        }
    }

    /// <summary>Reports count one occurrence more than the first, as they do if the one that it replaced is not taken back.</summary>
    public static void KeepLoser(Lake lake)
    {
        foreach (object shard in (IEnumerable)Field(StateOf(lake).State, "_shards"))
        {
            Type type = shard.GetType();
            if ((int)type.GetProperty("Count", Anything)!.GetValue(shard)! > 0)
            {
                type.GetMethod("Tally", Anything)!.Invoke(shard, [Entry(shard), (sbyte)1]);
                return;
            }
        }
    }

    private static PartitionState StateOf(Lake lake) => (PartitionState)Field(lake.Partition, "_state");

    private static object Entry(object shard) => ((Array)((Array)Field(shard, "_chunks")).GetValue(0)!).GetValue(0)!;

    private static object Field(object owner, string name) => owner.GetType().GetField(name, Anything)!.GetValue(owner)!;
}
