using System.Runtime.ExceptionServices;

namespace OrleansLake.Engine.Partitions;

/// <summary>The partitions that this process owns, each over its openings.</summary>
internal sealed class OwnedPartitions : IDisposable
{
    private readonly ParallelWork _work;
    private readonly Lock _goldGate = new();

    /// <param name="partitions">Their number.</param>
    /// <param name="open">Opens one, by its place.</param>
    /// <param name="work">What they share.</param>
    /// <param name="clock">The clock.</param>
    internal OwnedPartitions(int partitions, Func<int, LakePartition> open, ParallelWork work, TimeProvider clock)
    {
        _work = work;
        var all = new List<OwnedPartition>();
        try
        {
            for (int place = 0; place < partitions; place++)
            {
                int own = place;
                all.Add(new OwnedPartition(() => open(own), clock));
            }
        }
        catch
        {
            all.ForEach(partition => partition.Dispose());
            throw;
        }

        All = all;
    }

    /// <summary>Gets all of them, in their order.</summary>
    internal IReadOnlyList<OwnedPartition> All { get; }

    /// <summary>Gets the partitions; logs of them may be closed.</summary>
    internal LakePartitions Current => Of(static owned => owned.Current);

    /// <summary>Returns the partitions, those opened again whose log has closed; see <see cref="OwnedPartition.Open"/>.</summary>
    internal LakePartitions Open() => Of(static owned => owned.Open());

    /// <summary>Hands the logs to other work, which opens them on its own; <see cref="Resume"/> takes them back.</summary>
    internal void Suspend()
    {
        foreach (OwnedPartition owned in All)
        {
            owned.Suspend();
        }
    }

    /// <summary>Opens the partitions again after <see cref="Suspend"/>, when the work is done.</summary>
    /// <exception cref="LogClosedException">One cannot be opened now; all can be tried again.</exception>
    internal void Resume()
    {
        ExceptionDispatchInfo? failure = null;
        foreach (OwnedPartition owned in All)
        {
            try
            {
                owned.Resume();
            }
#pragma warning disable CA1031 // Whatever it is: it is thrown when none is left suspended.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        failure?.Throw();
    }

    public void Dispose()
    {
        foreach (OwnedPartition owned in All)
        {
            owned.Dispose();
        }
    }

    private LakePartitions Of(Func<OwnedPartition, LakePartition> get) => new([.. All.Select(get)], _work, _goldGate);
}
