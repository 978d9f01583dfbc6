using OrleansLake.Contracts;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>One broker for the tests of a class, each of which has a stream of its own.</summary>
public sealed class RabbitBrokerFixture : IAsyncLifetime
{
    private RabbitBroker? _broker;

    internal RabbitBroker Broker => _broker ?? throw new InvalidOperationException("rabbitmq-server is not installed.");

    public async Task InitializeAsync() => _broker = RabbitBroker.IsInstalled ? await RabbitBroker.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_broker is { } broker)
        {
            await broker.DisposeAsync();
        }
    }
}
