using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Contracts;

namespace OrleansLake.Server.Tests.Contracts;

/// <summary>The contract over the engine in the same process.</summary>
public class EmbeddedLakeClientTests : LakeClientContract
{
    private ServerUnderTest _server = null!;

    protected override ILakeClient Lake => _server.Services.GetRequiredService<ILakeClient>();

    public override async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(options =>
    {
        options.Reports = Reports;
        options.Limits = options.Limits with { DatesPerBodyMax = DatesPerBodyMax, DatesPerSenderMax = DatesPerSenderMax };
    });

    public override async Task DisposeAsync() => await _server.DisposeAsync();
}
