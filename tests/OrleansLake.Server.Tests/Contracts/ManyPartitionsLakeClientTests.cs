using OrleansLake.Client;
using OrleansLake.Contracts;

namespace OrleansLake.Server.Tests.Contracts;

/// <summary>The contract over HTTP and the engine, of a lake of four partitions.</summary>
public class ManyPartitionsLakeClientTests : LakeClientContract
{
    private ServerUnderTest _server = null!;
    private HttpLakeClient _client = null!;

    protected override ILakeClient Lake => _client;

    public override async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(options => options.Partitions = 4);
        _client = _server.NewClient();
    }

    public override async Task DisposeAsync() => await _server.DisposeAsync();
}
