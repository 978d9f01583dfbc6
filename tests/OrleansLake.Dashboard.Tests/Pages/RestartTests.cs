using System.Globalization;
using System.Text.Json;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Pages;

[Collection(BrowserTests.Name)]
public sealed class RestartTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task A_killed_server_is_said_loudly_and_after_its_restart_nothing_is_lost_or_doubled()
    {
        using var folder = new ScratchFolder();
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}");
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        Message[] messages = TestMessages.Mixed(7, 900);

        LakeProcess server = Start();
        await ServedLake.SendAsync(http, messages[..200]);
        await using BrowserPage page = await fixture.Browser.OpenAsync($"{url}/dashboard/");
        await page.WaitAsync("document.body.dataset.phase === 'live'");
        await page.EvaluateAsync(Shown.Record);
        string position = await ServedLake.SendAsync(http, messages[200..300]);
        await Shown.WaitForAsync(page, position);
        Assert.False(await BannerIsSeenAsync());

        for (int round = 0; round < 2; round++)
        {
            server.Kill();
            server.Dispose();
            await page.WaitAsync("document.body.dataset.phase === 'away'");
            Assert.True(await BannerIsSeenAsync());
            Assert.StartsWith("Not live", await page.TextAsync("document.getElementById('banner').textContent"), StringComparison.Ordinal);
            Assert.StartsWith("Not live", await page.TextAsync("document.title"), StringComparison.Ordinal);
            Assert.True((await page.EvaluateAsync("getComputedStyle(document.querySelector('.headline')).filter.includes('grayscale')")).GetBoolean());

            server = Start();
            position = await ServedLake.SendAsync(http, messages[(300 * (round + 1))..(300 * (round + 2))]);
            await Shown.WaitForAsync(page, position);
            Assert.False(await BannerIsSeenAsync());
        }

        Assert.True(await Shown.AssertEveryStepAsync(page, messages) >= 4);
        Assert.Equal(Shown.Of(messages), (await page.EvaluateAsync(Shown.Script)).GetProperty("text").GetString());
        JsonElement phases = await page.EvaluateAsync("[...new Set(window.shown.map(step => step.phase))].sort()");
        Assert.Equal(["away", "live"], phases.EnumerateArray().Select(phase => phase.GetString()));
        server.Dispose();

        LakeProcess Start()
        {
            var started = LakeProcess.Start(new LakeCall("serve", "--lake", folder["lake"], "--urls", url, "--trigger", "1s"));
            started.WaitUntil(process => process.ErrorSoFar.Contains("listening on", StringComparison.Ordinal), "it listens");
            return started;
        }

        async Task<bool> BannerIsSeenAsync() => (await page.EvaluateAsync("""
            (() => {
              const box = document.getElementById('banner').getBoundingClientRect()
              return box.height > 20 && box.width > innerWidth / 2 && box.top >= 0 && box.bottom <= innerHeight
            })()
            """)).GetBoolean();
    }
}
