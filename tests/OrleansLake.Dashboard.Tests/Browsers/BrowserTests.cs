namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>The tests that share a browser; one after the other, because they share a machine as well.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
