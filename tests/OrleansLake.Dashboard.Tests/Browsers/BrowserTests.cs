namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>The tests of the dashboard's pages that share a browser, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
