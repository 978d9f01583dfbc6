using System.Globalization;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>
/// A lake of many partitions that a host runs wherever it likes, each under the owner that opened it last. It takes no
/// lock: epochs and manifests, each created once, decide who writes.
/// </summary>
internal sealed class PartitionedLake
{
    private readonly ILakeStore _store;
    private readonly CountryTable _countries;
    private readonly LakeOptions _options;
    private readonly ParallelWork _work;
    private readonly int _first;

    private PartitionedLake(ILakeStore store, LakeTimeZone zone, CountryTable countries, PartitionRange partitions, LakeOptions options)
    {
        _store = store;
        _countries = countries;
        _options = options;
        _work = new ParallelWork(options.Threads ?? Environment.ProcessorCount);
        TimeZone = zone;
        Partitions = partitions.Count;
        _first = partitions.First;
    }

    /// <summary>The lake's time zone.</summary>
    internal LakeTimeZone TimeZone { get; }

    /// <summary>How many partitions it has.</summary>
    internal int Partitions { get; }

    /// <summary>Opens a lake, and makes it if the options say so; others may be doing the same.</summary>
    /// <exception cref="LakeException">There is none, the folder is something else, or the options do not fit it.</exception>
    internal static PartitionedLake Open(ILakeStore store, LakeOptions options)
    {
        LakeMaker.CheckFolder(store, options);
        LakePartitioning.CompleteUnlocked(store, new ParallelWork(options.Threads ?? Environment.ProcessorCount));
        (LakeTimeZone Zone, CountryTable Countries) made = MakeOrRead(store, options);
        PartitionRange partitions = LakeDescription.Read(store).Range;
        return options.Partitions is { } asked && asked != partitions.Count
            ? throw new LakeException(LakeFailure.Usage, $"The lake has {partitions.Count} partitions, and {asked} were asked for; `lake repartition {asked}` changes it while no silo runs.")
            : new PartitionedLake(store, made.Zone, made.Countries, partitions, options);
    }

    // Makers would share temporary names, so there is one at a time; who comes later finds it made.
    private static (LakeTimeZone Zone, CountryTable Countries) MakeOrRead(ILakeStore store, LakeOptions options)
    {
        while (store.Find(LakePaths.Description) is null)
        {
            using IDisposable? taken = store.TryLock(LakePaths.Lock, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            if (taken is not null)
            {
                return LakeMaker.MakeOrRead(store, options);
            }

            Thread.Sleep(20);
        }

        return LakeMaker.MakeOrRead(store, options);
    }

    /// <summary>Opens a partition as its one owner; whoever owned it before can write nothing that counts any more.</summary>
    /// <param name="number">The partition, counted from 0 in every generation of the lake.</param>
    internal LakePartition OpenPartition(PartitionId number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number.Value, Partitions);
        var partition = new PartitionId(_first + number.Value);
        return new LakePartition(
            _store, PartitionStore.Open(_store, partition, _options.Partition), TimeZone, _countries, _work, _options.PendingRowsMax, _options.Clock)
        {
            PublishesGold = false,
        };
    }

    /// <summary>Writes gold, if it is not what these commits say. The owner of partition 0 does it.</summary>
    /// <param name="owner">That owner.</param>
    /// <param name="committed">What every partition has committed, by partition.</param>
    internal void PublishGold(Epoch owner, IReadOnlyList<CommittedReports> committed)
    {
        Manifest[] manifests = [.. committed.Select(c => c.Manifest)];
        if (GoldPublisher.IsUpToDate(_store, manifests))
        {
            return;
        }

        ReportTable[] tables = [.. LakeReports.All.Select((report, i) => ReportPart.Sum(report, [.. committed.Select(c => c.Parts[i])]))];
        GoldPublisher.Publish(
            _store, owner, manifests, tables, LedgerSum.Of(committed.Select(c => c.Ledger)), committed.Sum(c => c.Mended), _work);
    }
}
