using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Embedding;
using OrleansLake.Dashboard.Tests.Serving;

namespace OrleansLake.Dashboard.Tests.Pages;

/// <summary>Tests what axe-core finds, with all of its rules: nothing.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    private static readonly PageOptions[] Seen =
    [
        new() { HasReducedMotion = true }, new() { IsDark = true, HasReducedMotion = true },
        PageOptions.Phone with { Width = 320, HasReducedMotion = true }, PageOptions.Phone with { IsDark = true, HasReducedMotion = true },
    ];

    [BrowserFact]
    public async Task Axe_finds_nothing_on_the_dashboard_live_offline_and_with_notes()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(70, 300));
        foreach (PageOptions options in Seen)
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard + "?from=abc", options);
            await page.WaitAsync("document.body.dataset.phase === 'live' && document.querySelectorAll('#pivot tbody tr').length === 5");
            Assert.Empty(await page.AxeAsync());
            await page.OfflineAsync(true);
            await page.WaitAsync("document.body.dataset.phase === 'offline'");
            Assert.Empty(await page.AxeAsync());
            Assert.True((await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetBoolean());
        }
    }

    [BrowserFact]
    public async Task Axe_finds_nothing_on_components_and_frames()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(71, 300));
        string token = embedded.Token("EMAIL", "CHAT");
        foreach (PageOptions options in Seen)
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString(), options);
            string source = $"src: '{embedded.Lake.Address}', token: '{token}'";
            await page.EvaluateAsync($"add('one', {{ {source} }}), add('two', {{ {source}, report: 'report2' }}), add('three', {{ {source}, report: 'report2' }}), add('no', {{ {source}, channel: 'SMS' }}), add('bad', {{ {source}, top: 'abc' }})");
            await page.WaitAsync("['one', 'two', 'three'].every(id => phase(id) === 'live' && rows(id) !== '') && phase('no') === 'refused' && phase('bad') === 'misconfigured'");
            Assert.Empty(await page.AxeAsync());

            // A filter fades columns, and an outage all of them.
            await page.EvaluateAsync("document.getElementById('three').setAttribute('top', '3')");
            await page.OfflineAsync(true);
            await page.WaitAsync("phase('one') === 'offline' && phase('two') === 'offline'");
            Assert.Empty(await page.AxeAsync());

            await using BrowserPage frame = await fixture.Browser.OpenAsync($"{embedded.Lake.Dashboard}embed.html#token={token}", options);
            await frame.WaitAsync("document.querySelector('orleans-lake-report')?.shadowRoot.querySelector('tbody') !== null && document.querySelector('orleans-lake-report').dataset.phase === 'live'");
            Assert.Empty(await frame.AxeAsync());
        }
    }

    [BrowserFact]
    public async Task Axe_finds_nothing_where_a_key_is_asked_for()
    {
        await using ServedLake lake = await ServedLake.StartAsync(options => options.Keys.Add(Server.LakeApiKey.Create("reader", Server.LakeScopes.Read).Key));
        foreach (PageOptions options in Seen)
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard, options);
            await page.WaitAsync("document.activeElement.id === 'key'");
            Assert.Empty(await page.AxeAsync());
        }
    }
}
