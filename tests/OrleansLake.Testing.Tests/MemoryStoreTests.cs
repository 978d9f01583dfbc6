using OrleansLake.Storage.Stores;
using OrleansLake.Storage.Tests.Stores;

namespace OrleansLake.Testing.Tests;

/// <summary>The contract of every store, over the one in memory.</summary>
public sealed class MemoryStoreTests : LakeStoreContract
{
    protected override ILakeStore Store { get; } = new MemoryStore(TimeProvider.System);
}
