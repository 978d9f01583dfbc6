using OrleansLake.Client;
using OrleansLake.Contracts;

namespace OrleansLake.Server.Tests.Contracts;

/// <summary>The contract over HTTP.</summary>
public class HttpLakeClientTests : LakeClientContract
{
    private ServerUnderTest _server = null!;
    private HttpLakeClient _client = null!;

    protected override ILakeClient Lake => _client;

    protected override bool AsksAgain => true;

    protected virtual int Partitions => 1;

    public override async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(options =>
        {
            options.Partitions = Partitions;
            options.Reports = Reports;
            options.Limits = options.Limits with { BodyBytesMax = BodyBytesMax, DatesPerBodyMax = DatesPerBodyMax, DatesPerSenderMax = DatesPerSenderMax };
        });
        _client = _server.NewClient(options => options.Reports = Reports);
    }

    public override async Task DisposeAsync() => await _server.DisposeAsync();
}
