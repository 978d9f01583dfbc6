namespace OrleansLake.Storage.Azure.Tests;

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<SharedAzurite>
{
    internal const string Name = "azurite";
}
