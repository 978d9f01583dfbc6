using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLake.Client;
using OrleansLake.Server;
using OrleansLake.Server.Connectors;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sources;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>
/// Consumes the queues that the settings name while the host runs. Nothing places them: every process that names a queue is one of its consumers, and the
/// broker shares it out, and gives what one of them had not acknowledged to the others.
/// </summary>
internal sealed class RabbitQueues(IServiceProvider provider) : IHostedService, IDisposable
{
    private static readonly string[] Schemes = ["rabbitmq", "rabbitmqs", "amqp", "amqps"];

    private readonly List<RabbitSource> _sources = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // SourceCatalog reports what is not an address.
        (string Setting, RabbitQueue Queue)[] queues = [.. provider.GetRequiredService<LakeServerOptions>().Sources
            .Select(static (address, place) => ($"{SourceCatalog.Words.Setting}:{place}", Parse(address)!)).Where(static one => one.Item2 is { IsStream: false })];
        List<NamedQueue> named = [.. provider.GetServices<NamedQueue>()];
        foreach ((string setting, RabbitQueue queue) in queues)
        {
            if (!IsNamed(named, queue, setting))
            {
                named.Add(new NamedQueue(queue));
                _sources.Add(RabbitMqSourceServices.NewSource(queue, LakeRegistration.Required(provider, nameof(RabbitMqSourceServices.AddRabbitMqSources))));
            }
        }

        foreach (RabbitSource source in _sources)
        {
            await source.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_sources.Select(source => source.StopAsync(cancellationToken)));

    public void Dispose() => _sources.ForEach(static source => source.Dispose());

    /// <summary>Returns the kind of sources that addresses of RabbitMQ name: streams are placed as topics are, and queues are not.</summary>
    /// <param name="newStream">Makes the source of a stream.</param>
    internal static ConnectorKind<ITopicSource> Kind(Func<RabbitQueue, IServiceProvider, ITopicSource> newStream) => new(Schemes, address =>
        !RabbitQueue.TryParse(address, out RabbitQueue? queue, out string? error) ? throw new ServeSettingsException($"the source cannot be used: {error}.")
        : queue.IsStream ? provider => newStream(queue, provider)
        : null);

    private static RabbitQueue? Parse(string address) => RabbitQueue.TryParse(address, out RabbitQueue? queue, out _) ? queue : null;

    private static bool IsNamed(List<NamedQueue> named, RabbitQueue queue, string setting)
    {
        try
        {
            return named.Exists(one => one.IsReadAlready(queue));
        }
        catch (ServeSettingsException e)
        {
            throw new ServeSettingsException($"{setting}: {e.Message}", e);
        }
    }
}
