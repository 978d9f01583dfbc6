using OrleansLake.Client;
using OrleansLake.Contracts;

namespace OrleansLake.Testing.Tests;

/// <summary>The contract of every client, over a lake in memory.</summary>
public sealed class TestLakeContractTests : LakeClientContract
{
    private readonly TestLake _lake = TestLake.Create(configure: options => options.Reports = Reports);

    protected override ILakeClient Lake => _lake;

    protected override bool BoundsDates => false;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override async Task DisposeAsync() => await _lake.DisposeAsync();
}
