using System.Globalization;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Rebuilding;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>Changes how many partitions a lake has.</summary>
public static class LakePartitioning
{
    /// <summary>The most partitions that a lake can have.</summary>
    public const int PartitionsMax = 1024;

    /// <summary>
    /// Rebuilds the lake with another number of partitions, from its bronze, and swaps it in at once. Reports and
    /// ledger stay what they are. Nobody else may run the lake meanwhile: a process that does is refused, silos must be stopped.
    /// </summary>
    /// <param name="options">The lake.</param>
    /// <param name="partitions">The number of partitions that it is to have.</param>
    /// <param name="progress">How far it has come.</param>
    /// <param name="cancellationToken">Gives up; the lake is what it was then.</param>
    /// <returns>How many partitions it had.</returns>
    /// <exception cref="LakeException">There is no lake, or it cannot be repartitioned.</exception>
    /// <exception cref="LakeInUseException">Another process owns it.</exception>
    /// <exception cref="Core.CorruptDataException">Bronze is damaged; the lake is what it was.</exception>
    public static Task<int> RepartitionAsync(
        LakeOptions options, int partitions, IProgress<ReplayProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, PartitionsMax);
        return Task.Run(() => Repartition(options.OpenStore(), options with { Create = false }, partitions, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Returns the same of a lake wherever it is.</summary>
    internal static int Repartition(
        ILakeStore store, LakeOptions options, int partitions, IProgress<ReplayProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        LakeCreation.CheckWritableFolder(store, options);
        using LakeLock taken = LakeLock.Take(store, Environment.ProcessId);
        var work = new ParallelWork(options.Threads ?? Environment.ProcessorCount);
        GenerationSwitch.Complete(store, options.Reports, work);
        (LakeTimeZone zone, CountryTable countries) = LakeCreation.OpenOrCreate(store, options);
        LakeDescription from = LakeDescription.Read(store);
        if (from.Partitions != partitions)
        {
            new Repartitioner(store, from, zone, countries, work, options.Of(from)).Run(partitions, progress, cancellationToken);
        }

        return from.Partitions;
    }

    /// <summary>Completes a repartitioning that was cut off, in a lake of which nobody may hold the lock for long.</summary>
    internal static void CompleteUnlocked(ILakeStore store, ReportCatalog reports, ParallelWork work)
    {
        while (store.Find(LakePaths.Description) is not null && LakeDescription.Read(store).Replaces is not null)
        {
            using IDisposable? taken = store.TryLock(LakePaths.Lock, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            if (taken is not null)
            {
                GenerationSwitch.Complete(store, reports, work);
                return;
            }

            Thread.Sleep(20);
        }
    }
}
