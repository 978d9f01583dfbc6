namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>The tests of embedded reports that share a browser, another one than the pages': they wait more than they work.</summary>
[CollectionDefinition(Name)]
public sealed class EmbeddingTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "embedding";
}
