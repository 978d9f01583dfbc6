using System.Globalization;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Embedding;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Pages;

/// <summary>Figures that are old are never shown as live, whatever became of the connection.</summary>
[Collection(BrowserTests.Name)]
public sealed class OfflineTests(BrowserFixture fixture)
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    [BrowserFact]
    public async Task A_computer_without_a_network_is_said_with_the_time_of_the_figures()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(60, 100));
        await using BrowserPage dashboard = await fixture.Browser.OpenAsync(embedded.Lake.Dashboard);
        await using BrowserPage site = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        await site.EvaluateAsync($"add('it', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token()}' }})");
        await dashboard.WaitAsync("document.body.dataset.phase === 'live'");
        await site.WaitAsync("phase('it') === 'live' && rows('it') !== ''");

        await dashboard.OfflineAsync(true);
        await site.OfflineAsync(true);
        await dashboard.WaitAsync("document.body.dataset.phase === 'offline'", Seconds);
        Assert.StartsWith("Offline: This computer is offline. These figures are from ", await dashboard.TextAsync("document.getElementById('banner').textContent"), StringComparison.Ordinal);
        Assert.StartsWith("Offline", await dashboard.TextAsync("document.title"), StringComparison.Ordinal);
        await site.WaitAsync("phase('it') === 'offline'", Seconds);
        Assert.Contains("These figures are from", await site.TextAsync("said('it')"), StringComparison.Ordinal);

        string position = await embedded.Lake.SendAsync(TestMessages.Mixed(61, 50));
        await dashboard.OfflineAsync(false);
        await site.OfflineAsync(false);
        await Shown.WaitForAsync(dashboard, position);
        await site.WaitAsync($"phase('it') === 'live' && document.getElementById('it').position === '{position}'");
        Assert.True((await dashboard.EvaluateAsync("document.getElementById('banner').hidden")).GetBoolean());
    }

    [BrowserFact]
    public async Task A_server_that_hangs_is_said_within_seconds()
    {
        using var folder = new ScratchFolder();
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}");
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var server = LakeProcess.Start(new LakeCall("serve", "--lake", folder["lake"], "--urls", url, "--trigger", "1s"));
        server.WaitUntil(process => process.ErrorSoFar.Contains("listening on", StringComparison.Ordinal), "it listens");
        await ServedLake.SendAsync(http, TestMessages.Mixed(62, 50));
        await using BrowserPage first = await fixture.Browser.OpenAsync($"{url}/dashboard/");
        await using BrowserPage second = await fixture.Browser.OpenAsync($"{url}/dashboard/", beside: first);
        await first.WaitAsync("document.body.dataset.phase === 'live'");
        await second.WaitAsync("document.body.dataset.phase === 'live'");

        server.Stop();
        await first.WaitAsync("document.body.dataset.phase === 'away'", Seconds);
        await second.WaitAsync("document.body.dataset.phase === 'away'", Seconds);
        Assert.Contains("Nothing was heard", await second.TextAsync("document.getElementById('banner').textContent"), StringComparison.Ordinal);
        Assert.Contains("These figures are from", await second.TextAsync("document.getElementById('banner').textContent"), StringComparison.Ordinal);

        server.Continue();
        await first.WaitAsync("document.body.dataset.phase === 'live'");
        await second.WaitAsync("document.body.dataset.phase === 'live'");
    }
}
