using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Contracts;

namespace OrleansLake.Server.Tests.Contracts;

/// <summary>The contract of records of topics over the engine in the same process.</summary>
public sealed class EmbeddedTopicLakeTests : TopicLakeContract
{
    private ServerUnderTest _server = null!;

    protected override ITopicLake Topics => _server.Services.GetRequiredService<ITopicLake>();

    protected override ILakeClient Lake => _server.Services.GetRequiredService<ILakeClient>();

    public override async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync();

    public override async Task DisposeAsync() => await _server.DisposeAsync();
}
