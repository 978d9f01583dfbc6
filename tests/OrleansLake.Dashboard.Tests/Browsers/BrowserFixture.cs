namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>One browser for the tests of a collection.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly Lazy<Chromium> _browser = new(Chromium.Start);

    internal Chromium Browser => _browser.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser.IsValueCreated)
        {
            await _browser.Value.DisposeAsync();
        }
    }
}
