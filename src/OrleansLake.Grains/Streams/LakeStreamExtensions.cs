using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansLake.Grains.Streams;

namespace Orleans.Hosting;

/// <summary>Adds the lake's streams to a silo.</summary>
public static class LakeStreamExtensions
{
    /// <summary>
    /// Adds the streams over the bronze log. They are persistent and rewindable: the log is what they are read from, and
    /// what a subscriber missed is read there again, back to the newest commit.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Poll period, batches, queue balancing: as for any persistent stream.</param>
    public static ISiloBuilder AddLakeStreams(this ISiloBuilder builder, string name, Action<ISiloPersistentStreamConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var configurator = new SiloPersistentStreamConfigurator(
            name, services => builder.ConfigureServices(services), (services, _) => ActivatorUtilities.CreateInstance<LakeAdapterFactory>(services, name));
        configurator.Configure<StreamPubSubOptions>(options => options.Configure(o => o.PubSubType = Streams.StreamPubSubType.ImplicitOnly));
        configurator.Configure<StreamPullingAgentOptions>(options => options.Configure(o =>
        {
            // The poll is what a message waits for, and an empty one costs microseconds.
            o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10);
            o.BatchContainerBatchSize = 64;
        }));
        configure?.Invoke(configurator);
        return builder;
    }
}
