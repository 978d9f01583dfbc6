using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.Server;

namespace OrleansLake.Dashboard.Tests.Pages;

[Collection(BrowserTests.Name)]
public sealed class KeyTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task A_lake_with_keys_asks_for_one_shows_nothing_without_and_keeps_it_in_the_tab()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("reader", LakeScopes.Read);
        (string ingestOnly, LakeApiKey ingestKey) = LakeApiKey.Create("producer");
        await using ServedLake lake = await ServedLake.StartAsync(options =>
        {
            options.Keys.Add(key);
            options.Keys.Add(ingestKey);
        });
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.activeElement.id === 'key'");
        Assert.True((await page.EvaluateAsync("document.getElementById('figures').hidden")).GetBoolean());

        // One that may not read is refused.
        await page.TypeAsync(ingestOnly);
        await page.PressAsync("Enter");
        await page.WaitAsync("document.getElementById('key-detail').textContent.includes('read')");

        await page.TypeAsync(text);
        await page.PressAsync("Enter");
        await page.WaitAsync("document.body.dataset.phase === 'live'");
        await page.ReloadAsync();
        await page.WaitAsync("document.body.dataset.phase === 'live'");
        Assert.Equal("{}", await page.TextAsync("JSON.stringify(localStorage)"));
        Assert.DoesNotContain(await page.RequestsAsync(), request => request.Contains(text, StringComparison.Ordinal));
    }
}
