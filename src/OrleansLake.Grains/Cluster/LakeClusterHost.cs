using Microsoft.Extensions.Options;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Engine.Sending;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Grains.Cluster;

/// <summary>A silo's view of the lake: opened once, when the first grain asks.</summary>
internal sealed class LakeClusterHost
{
    private const int PartitionsAtCreation = 16;

    private readonly Lazy<Task<PartitionedLake>> _lake;

    public LakeClusterHost(ILakeStore store, IOptions<LakeClusterOptions> options, TimeProvider clock)
    {
        Store = store;
        Clock = clock;
        Dates = new DateBounds(clock);
        Options = options.Value;
        RunnerOptions = new PartitionRunnerOptions { UnappliedRowsMax = Options.UnappliedRowsMax };
        _lake = new Lazy<Task<PartitionedLake>>(() => Task.Run(() => Open(store)));
    }

    /// <summary>Gets the lake's location.</summary>
    internal ILakeStore Store { get; }

    internal LakeClusterOptions Options { get; }

    /// <summary>Gets the clock.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>Gets the dates that senders open through this silo.</summary>
    internal DateBounds Dates { get; }

    /// <summary>Gets the keys that are being sent through this silo.</summary>
    internal KeysInFlight InFlight { get; } = new();

    /// <summary>Gets what was stored of topics through this silo.</summary>
    internal StoredTopics Topics { get; } = new();

    internal PartitionRunnerOptions RunnerOptions { get; }

    internal Task<PartitionedLake> LakeAsync() => _lake.Value;

    /// <summary>Gets the lake; null if nothing on this silo has asked for it, or it could not be opened.</summary>
    internal PartitionedLake? Opened => _lake is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _lake.Value.Result : null;

    /// <summary>Returns whether the lake is there, or may be made there. Writes nothing.</summary>
    /// <exception cref="LakeException">It is neither.</exception>
    internal void CheckFolder() => LakeCreation.CheckFolder(Store, OptionsOf(Store));

    private PartitionedLake Open(ILakeStore store)
    {
        PartitionedLake lake = PartitionedLake.Open(store, OptionsOf(store));

        // Clients in this silo read filters by the types of the lake's ids.
        Options.Reports = lake.Reports;
        return lake;
    }

    private LakeOptions OptionsOf(ILakeStore store) => new()
    {
        Path = store.Location,
        Clock = Clock,
        Create = Options.Create,
        TimeZone = Options.TimeZone,
        UserId = IdTypes.UserOf(Options.UserId),
        CountryId = IdTypes.CountryOf(Options.CountryId),
        CountriesFile = Options.CountriesFile,
        Mapping = Options.Mapping,
        Keep = Options.Keep,
        Codec = Options.Codec,
        Reports = Options.Reports,
        Threads = Options.ThreadsPerPartition,
        Trigger = Options.Trigger,
        Partitions = Options.Partitions ?? (store.Find(LakePaths.Description) is null ? PartitionsAtCreation : null),
    };
}
