using System.Globalization;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Engine.Running;
using OrleansLake.Engine.Sending;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>
/// A lake of many partitions that a host runs wherever it likes, each under the owner that opened it last. It takes no
/// lock: epochs and manifests, each created once, decide who writes.
/// </summary>
internal sealed class PartitionedLake
{
    /// <summary>The time after which other silos know of a mapping that one has set.</summary>
    internal static readonly TimeSpan MappingsAgeMax = TimeSpan.FromSeconds(1);

    private readonly ILakeStore _store;
    private readonly LakeTimeZone _zone;
    private readonly CountryTable _countries;
    private readonly LakeOptions _options;
    private readonly ParallelWork _work;
    private readonly PartitionRange _range;
    private readonly AddedColumns _added;

    private PartitionedLake(ILakeStore store, LakeTimeZone zone, CountryTable countries, LakeDescription lake, LakeOptions options)
    {
        _store = store;
        _countries = countries;
        _options = options;
        _work = new ParallelWork(options.Threads ?? Environment.ProcessorCount);
        Mappings = new LakeMappings(store, MappingsAgeMax, options.Clock).Load();
        Planner = new SendPlanner(zone, Mappings, options.Clock, _work, lake.Partitions, options.SendPieceBytes, options.Keep ?? KeptFields.None, options.Ids);
        _zone = zone;
        _range = lake.Range;
        _added = lake.Added;
    }

    /// <summary>Gets the mappings by which records become messages.</summary>
    internal LakeMappings Mappings { get; }

    /// <summary>Gets the planner of what is sent.</summary>
    internal SendPlanner Planner { get; }

    /// <summary>Gets the number of partitions.</summary>
    internal int Partitions => _range.Count;

    /// <summary>Gets its time zone.</summary>
    internal LakeTimeZone TimeZone => _zone;

    /// <summary>Gets what it keeps of records beside their messages.</summary>
    internal KeptFields Keep => _options.Keep ?? KeptFields.None;

    /// <summary>Gets the reports that it keeps.</summary>
    internal ReportCatalog Reports => _options.Reports;

    /// <summary>Opens a lake, and makes it if the options say so; others may be doing the same.</summary>
    /// <exception cref="LakeException">There is none, the folder is something else, or the options do not fit it.</exception>
    internal static PartitionedLake Open(ILakeStore store, LakeOptions options)
    {
        LakeCreation.CheckFolder(store, options);
        LakePartitioning.CompleteUnlocked(store, options.Reports, new ParallelWork(options.Threads ?? Environment.ProcessorCount));
        (LakeTimeZone Zone, CountryTable Countries) made = OpenOrCreate(store, options);
        LakeDescription lake = LakeDescription.Read(store);
        LakeCreation.ThrowIfOtherPartitions(lake, options);
        return new PartitionedLake(store, made.Zone, made.Countries, lake, options.Of(lake));
    }

    // Makers would share temporary names, so there is one at a time; later ones find it made.
    private static (LakeTimeZone Zone, CountryTable Countries) OpenOrCreate(ILakeStore store, LakeOptions options)
    {
        while (store.Find(LakePaths.Description) is null)
        {
            using IDisposable? taken = store.TryLock(LakePaths.Lock, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            if (taken is not null)
            {
                return LakeCreation.OpenOrCreate(store, options);
            }

            Thread.Sleep(20);
        }

        return LakeCreation.OpenOrCreate(store, options);
    }

    /// <summary>Opens a partition as its one owner; earlier owners can write nothing that counts any more.</summary>
    /// <param name="number">The partition, counted from 0 in every generation of the lake.</param>
    /// <exception cref="LakeException">The lake has another generation by now: what this one would take is in no lake.</exception>
    internal LakePartition OpenPartition(PartitionId number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number.Value, Partitions);
        if (LakeDescription.Read(_store).Range != _range)
        {
            throw new LakeException(LakeFailure.Environment, $"The lake in {_store.Location} was repartitioned or started empty while this process ran it; start the process again.");
        }

        var partition = new PartitionId(_range.First + number.Value);
        var external = new ExternalBoard();
        return new LakePartition(_store, PartitionStore.Open(_store, partition, _options.Partition), new PartitionSettings
        {
            External = external,
            Added = new AddedData(_added, _zone, external.Tell),
            Zone = _zone,
            Countries = _countries,
            Work = _work,
            PendingRowsMax = _options.PendingRowsMax,
            Clock = _options.Clock,
            Reports = _options.Reports,
            Codec = _options.Codec,
            PublishesGold = false,
            Share = new PartitionSlice(number.Value, Partitions),
        });
    }

    /// <summary>Returns the ingestor of a partition's rows of external bronze files.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="accept">Appends a frame; it is durable when the ingest has ended, and not applied.</param>
    internal ExternalFileIngestor WatchBronze(LakePartition partition, Action<FrameContent> accept) => new(
        _store, new LakePartitions([partition], _work, new Lock()), _zone, _work, _options, partition.External, (_, content) => accept(content));

    /// <summary>Writes gold, if it is not what these commits say. The owner of partition 0 does it.</summary>
    /// <param name="owner">Partition 0.</param>
    /// <param name="committed">What every partition has committed, by partition.</param>
    internal void PublishGold(LakePartition owner, IReadOnlyList<CommittedReports> committed) =>
        GoldPublisher.PublishSum(_store, owner.Epoch, Reports, committed, tables => owner.KeepNames(tables), _work);

    /// <summary>
    /// Writes gold as of the newest commits, if it is behind them: for the last owner that leaves a lake. It becomes
    /// the owner of partition 0, which it must not have open.
    /// </summary>
    /// <param name="known">What partitions have committed, as far as it is in memory; others are read.</param>
    /// <param name="cancellationToken">Gives up; gold stays behind, or is written.</param>
    /// <returns>Whether it wrote.</returns>
    internal bool CompleteGold(IReadOnlyList<CommittedReports> known, CancellationToken cancellationToken)
    {
        IReadOnlyList<PartitionId> partitions = LakeDescription.Read(_store).PartitionIds;
        if (LakeView.ReadLatest(_store, partitions) is not { } before || GoldPublisher.IsUpToDate(_store, Reports, before.Manifests))
        {
            return false;
        }

        using LakePartition owner = OpenPartition(new PartitionId(0));
        while (true)
        {
            // Others that leave at the same time may commit meanwhile, and write gold.
            LakeView view = LakeView.ReadLatest(_store, partitions)!;
            if (GoldPublisher.IsUpToDate(_store, Reports, view.Manifests))
            {
                return true;
            }

            var committed = new List<CommittedReports>();
            foreach (ManifestView partition in view.Partitions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                committed.Add(known.FirstOrDefault(one => GoldFiles.AreOfOneState(one.Manifest, partition.Manifest)) is { } inMemory
                    ? inMemory with { Manifest = partition.Manifest } : CommittedReports.Read(_store, partition, Reports));
            }

            PublishGold(owner, committed);
        }
    }
}
