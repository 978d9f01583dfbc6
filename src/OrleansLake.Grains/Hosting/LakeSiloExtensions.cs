using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using OrleansLake.Grains;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Hosting;
using OrleansLake.Grains.Partitions;
using OrleansLake.Storage.Stores;

namespace Orleans.Hosting;

/// <summary>Makes a silo serve a lake.</summary>
public static class LakeSiloExtensions
{
    /// <summary>Serves a lake that is in a folder which every silo sees under the same name.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="folder">The lake's folder.</param>
    /// <param name="configure">Configures it further.</param>
    public static ISiloBuilder AddLake(this ISiloBuilder builder, string folder, Action<LakeClusterOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return builder.AddLake(_ => new LocalStore(folder), configure);
    }

    /// <summary>Serves a lake that is in some store.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="store">Makes the store.</param>
    /// <param name="configure">Configures the lake further.</param>
    public static ISiloBuilder AddLake(this ISiloBuilder builder, Func<IServiceProvider, ILakeStore> store, Action<LakeClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        builder.Services.AddOptions<LakeClusterOptions>().ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LakeClusterOptions>, LakeClusterOptionsValidator>());
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        // Damage that a grain finds is reported to the caller, in its own words.
        builder.Services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add(nameof(OrleansLake)));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(store);
        builder.Services.TryAddSingleton<LakeDamage>();
        builder.Services.TryAddSingleton<LakeClusterHost>();
        builder.Services.TryAddSingleton<LakePresence>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, LakeClaim>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, LakeAgreement>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, LakeLeaving>());
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static services => services.GetRequiredService<LakePresence>());
        builder.Services.TryAddSingleton<PartitionMap>();
        builder.Services.TryAddSingleton<OpenPartitions>();

        // The default one forgets, with each silo that goes, the grains that were written down on it, and puts them away wherever
        // they are: of two silos, half of the partitions of the one that stays, which writers wait for.
#pragma warning disable ORLEANSEXP003 // Meant for trying out; all that relies on it is that an epoch has one owner, which the store sees to.
        builder.AddDistributedGrainDirectory(LakeGrains.PartitionDirectory);
#pragma warning restore ORLEANSEXP003
        builder.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        return builder.AddLakeStreams(LakeStreams.ProviderName);
    }
}
