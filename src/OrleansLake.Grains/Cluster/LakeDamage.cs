using System.Collections.Concurrent;
using OrleansLake.Core;

namespace OrleansLake.Grains.Cluster;

/// <summary>The damage that a silo found in its lake. Trying again does not help: the program that runs the silo ends it, and says why.</summary>
internal sealed class LakeDamage
{
    // An owner that was replaced misses what the next one has cleared away, once; the next opening reads other files.
    private const int MissesMax = 3;

    private readonly ConcurrentDictionary<string, int> _missed = new();
    private readonly TaskCompletionSource<CorruptDataException> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a task that ends with the first damage that is found, and never without one.</summary>
    public Task<CorruptDataException> Found => _found.Task;

    /// <summary>Notes that a partition goes for want of a file: damage if the same one is missing whenever it is opened.</summary>
    internal void ReportMissing(string file)
    {
        if (_missed.AddOrUpdate(file, 1, static (_, misses) => misses + 1) == MissesMax)
        {
            Report(new CorruptDataException(file, -1, "a file of the checkpoint is missing", "Restore the lake from a backup; nothing was changed."));
        }
    }

    /// <summary>Notes it.</summary>
    internal void Report(CorruptDataException damage) => _found.TrySetResult(damage);
}
