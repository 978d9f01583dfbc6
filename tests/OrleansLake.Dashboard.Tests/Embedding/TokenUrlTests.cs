using Microsoft.AspNetCore.Http;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.Server;

namespace OrleansLake.Dashboard.Tests.Embedding;

/// <summary>Tests what a site may answer where it is to give tokens.</summary>
[Collection(EmbeddingTests.Name)]
public sealed class TokenUrlTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task What_is_not_a_token_is_said_in_words_and_by_an_event_and_the_report_recovers_by_itself()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(20, 100));
        await using var elsewhere = await TestSite.StartAsync(null);
        (Func<HttpContext, Task> Answer, string Code, string Words)[] answers =
        [
            (TestSite.Says("<!doctype html><form>Log in</form>", 200, "text/html; charset=utf-8"), "token-is-page", "log in"),
            (TestSite.Says("<html>"), "token-is-page", "log in"),
            (TestSite.Says("no", 500), "token-status", "500"),
            (TestSite.Says("no", 503), "token-status", "503"),
            (TestSite.Says("no", 401), "token-status", "401"),
            (TestSite.Says("no", 404), "token-status", "404"),
            (TestSite.Says("{\"error\":\"no\"}", 200, "application/json"), "token-missing", "JSON"),
            (TestSite.Says("{\"token\":", 200, "application/json"), "token-malformed", "JSON"),
            (TestSite.Says("not a token"), "token-malformed", "not a token"),
            (TestSite.Says("töken"), "token-malformed", "not a token"),
            (TestSite.Says(""), "token-empty", "empty"),
            (TestSite.Says("a.b.c"), "token-refused", "does not take the token"),
            (TestSite.Says(embedded.Token(TimeSpan.FromSeconds(-5))), "token-refused", "expired"),
            (context =>
            {
                context.Response.Redirect(elsewhere.Address.ToString());
                return Task.CompletedTask;
            }, "token-redirected", "leads elsewhere"),
        ];
        foreach ((Func<HttpContext, Task> answer, string code, string words) in answers)
        {
            embedded.Site.Answer = answer;
            await using BrowserPage page = await OpenAsync(embedded);
            await page.WaitAsync("phase('it') === 'no-token'");
            Assert.Contains(words, await page.TextAsync("said('it')"), StringComparison.Ordinal);
            Assert.Contains("Trying again", await page.TextAsync("said('it')"), StringComparison.Ordinal);
            Assert.Contains($"lake-error no-token {code}", await page.TextAsync("events.join('\\n')"), StringComparison.Ordinal);
            Assert.Contains("lake-stale no-token", await page.TextAsync("events.join('\\n')"), StringComparison.Ordinal);

            embedded.Site.Answer = TestSite.Says($"{{\"token\":\"{embedded.Token()}\"}}", 200, "application/json");
            await page.WaitAsync("phase('it') === 'live' && rows('it').includes('EMAIL')");
            Assert.DoesNotContain("oken", await page.TextAsync("said('it')"), StringComparison.Ordinal);
        }
    }

    [BrowserFact]
    public async Task A_site_that_hangs_is_said_after_ten_seconds_and_asked_again()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        embedded.Site.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using BrowserPage page = await OpenAsync(embedded);

        await page.WaitAsync("phase('it') === 'no-token'");
        Assert.Contains("has not answered", await page.TextAsync("said('it')"), StringComparison.Ordinal);

        embedded.Site.Answer = TestSite.Says(embedded.Token());
        await page.WaitAsync("phase('it') === 'live'");
        Assert.True(embedded.Site.Asked >= 2);
    }

    [BrowserFact]
    public async Task A_site_that_gives_the_refused_token_again_is_asked_until_it_gives_another()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        foreach (string refused in (string[])["a.b.c", embedded.Token(TimeSpan.FromSeconds(-5))])
        {
            embedded.Site.Answer = TestSite.Says(refused);
            await using BrowserPage page = await OpenAsync(embedded);
            await page.WaitAsync("performance.getEntriesByName(new URL('/token', location).href).length >= 4");
            Assert.Contains("does not take the token", await page.TextAsync("said('it')"), StringComparison.Ordinal);
            embedded.Site.Answer = TestSite.Says(embedded.Token());
            await page.WaitAsync("phase('it') === 'live'");
            Assert.DoesNotContain("token", await page.TextAsync("said('it')"), StringComparison.Ordinal);
        }
    }

    [BrowserFact]
    public async Task Failures_are_asked_again_later_each_time()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        embedded.Site.Answer = TestSite.Says("no", 500);
        await using BrowserPage page = await OpenAsync(embedded);
        await page.WaitAsync("performance.getEntriesByName(new URL('/token', location).href).length >= 4");

        double[] starts = [.. (await page.EvaluateAsync("performance.getEntriesByName(new URL('/token', location).href).map(entry => entry.startTime)")).EnumerateArray().Select(start => start.GetDouble())];

        // A second, two, four; by chance a quarter less or more.
        Assert.InRange(starts[1] - starts[0], 700, 60_000);
        Assert.True(starts[2] - starts[1] >= 1400 && starts[3] - starts[2] >= 2900, string.Join(", ", starts));
    }

    [BrowserFact]
    public async Task A_token_that_cannot_be_renewed_is_said_while_figures_move_and_after_its_end_they_are_old()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(21, 100));
        embedded.Site.Answer = TestSite.Says(embedded.Token(TimeSpan.FromSeconds(8)));
        await using BrowserPage page = await OpenAsync(embedded);
        await page.WaitAsync("phase('it') === 'live' && rows('it') !== ''");
        embedded.Site.Answer = TestSite.Says("no", 502);
        await page.EvaluateAsync("void (window.table = document.getElementById('it').shadowRoot.querySelector('table'))");

        await page.WaitAsync("events.includes('lake-error live token-status') && said('it').includes('502')");
        await page.WaitAsync("phase('it') === 'no-token'");
        Assert.Contains("These figures are from", await page.TextAsync("said('it')"), StringComparison.Ordinal);
        Assert.Contains("502", await page.TextAsync("said('it')"), StringComparison.Ordinal);

        embedded.Site.Answer = TestSite.Says(embedded.Token());
        await page.WaitAsync("phase('it') === 'live'");
        Assert.True((await page.EvaluateAsync("table.isConnected")).GetBoolean(), "The table was made again.");
    }

    [BrowserFact]
    public async Task A_source_in_code_may_come_later_fail_and_never_answer()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync(options => options.Keys.Add(LakeApiKey.Create("reader", LakeScopes.Read).Key));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        foreach (string id in (string[])["later", "fails", "none", "never"])
        {
            await page.EvaluateAsync($"add('{id}', {{ src: '{embedded.Lake.Address}' }})");
        }

        await page.WaitAsync("phase('later') === 'refused'");
        await page.EvaluateAsync($$"""
            (() => {
              const source = (id, give) => { document.getElementById(id).tokenSource = give }
              source('later', async () => '{{embedded.Token()}}')
              source('fails', async () => { throw new Error('no session') })
              source('none', () => null)
              source('never', () => new Promise(() => {}))
            })()
            """);
        await page.WaitAsync("phase('later') === 'live'");
        await page.WaitAsync("said('fails').startsWith('no-token') && said('fails').includes('no session. Trying again.')");
        await page.WaitAsync("said('none').startsWith('no-token') && said('none').includes('empty')");
        await page.WaitAsync("said('never').startsWith('no-token') && said('never').includes('has not answered')");

        // Taken out and put elsewhere, also in the middle of its start.
        await page.EvaluateAsync("(() => { const it = document.getElementById('later'); for (let i = 0; i < 5; i++) setTimeout(() => { it.remove(); document.querySelector('main').prepend(it) }, i * 60) })()");
        await page.WaitAsync("document.querySelector('main').firstElementChild.id === 'later' && phase('later') === 'live'");
        Assert.DoesNotContain(await page.ErrorsAsync(), error => error.Contains("Channel", StringComparison.Ordinal));
    }

    private async Task<BrowserPage> OpenAsync(EmbeddedLake embedded)
    {
        BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        await page.EvaluateAsync($"add('it', {{ src: '{embedded.Lake.Address}', 'token-url': '/token' }})");
        return page;
    }
}
