using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Pages;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.Server;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Embedding;

/// <summary>Reports in a site of another origin: the sample, in a real browser.</summary>
[Collection(EmbeddingTests.Name)]
public sealed class EmbeddedReportTests(BrowserFixture fixture)
{
    private static readonly EmbedKey Key = EmbedKey.Create("site");

    // What the component shows, as Shown reads it from the dashboard.
    private const string MailTable = "[...document.querySelector('#mail').shadowRoot.querySelectorAll('tr')].map(row => [...row.children].map(cell => cell.textContent.replaceAll(',', '')).join('|')).join('\\n')";

    [BrowserFact]
    public async Task The_sample_shows_its_customers_part_of_the_report_and_moves_with_it()
    {
        int port = FreePort.Take();
        await using ServedLake lake = await StartLakeAsync(port);
        await using SampleSite site = await SampleSite.StartAsync(port, lake.Address, Key.Secret);
        Message[] messages = TestMessages.Mixed(8, 500);
        await lake.SendAsync(messages[..200]);
        await using BrowserPage page = await fixture.Browser.OpenAsync(site.Address.ToString());
        await page.WaitAsync("document.querySelector('#mail').dataset.phase === 'live'");

        string position = "";
        for (int sent = 200; sent < messages.Length; sent += 50)
        {
            position = await lake.SendAsync(messages[sent..(sent + 50)]);
        }

        // Under a filter the last change may be one that is not watched: the table is right once it is equal.
        IReadOnlyList<Message> mail = [.. Oracle.FirstOccurrences(messages).Where(message => message.Channel == "EMAIL")];
        string expected = JsonSerializer.Serialize(Shown.Pivot(mail));
        await page.WaitAsync($"{MailTable} === {expected}");
        await page.WaitAsync("document.querySelector('#users').shadowRoot.querySelectorAll('tbody tr').length === 3");
        Assert.Empty(await page.ErrorsAsync());
    }

    [BrowserFact]
    public async Task A_locked_filter_cannot_be_widened_from_the_page()
    {
        int port = FreePort.Take();
        await using ServedLake lake = await StartLakeAsync(port);
        await using SampleSite site = await SampleSite.StartAsync(port, lake.Address, Key.Secret);
        await lake.SendAsync(TestMessages.Mixed(9, 300));
        await using BrowserPage page = await fixture.Browser.OpenAsync(site.Address.ToString());
        await page.WaitAsync("document.querySelector('#mail').dataset.phase === 'live'");

        Assert.Equal("EMAIL", await AskAsync("v1/reports/report1"));
        Assert.Equal("403", await AskAsync("v1/reports/report1?channel=SMS"));
        Assert.Equal("403", await AskAsync("v1/reports/report1/stream?channel=SMS,CHAT"));
        Assert.Equal("403", await AskAsync("v1/stream?reports=report1&report1.channel=SMS"));
        Assert.Equal("EMAIL", await AskAsync("v1/reports/report1?channel=SMS,EMAIL,CHAT"));
        Assert.Equal("3", await AskAsync("v1/reports/report2?top=1000"));
        Assert.Equal("403", await AskAsync("v1/ledger"));
        Assert.Equal("403", await AskAsync("v1/messages/m-1"));
        Assert.Equal("403", await AskAsync("v1/quarantine"));
        Assert.Equal("403", await AskAsync("v1/stream?status=true"));
        Assert.Equal("403", await AskAsync("v1/embed-tokens", "POST"));
        Assert.Equal("403", await AskAsync("v1/messages", "POST"));

        // Nor by asking the component for more.
        await page.EvaluateAsync("document.querySelector('#mail').setAttribute('channel', 'SMS,EMAIL')");
        const string Heads = "[...document.querySelector('#mail').shadowRoot.querySelectorAll('tbody th')].map(head => head.textContent).join()";
        await page.WaitAsync($"document.querySelector('#mail').dataset.phase === 'live' && {Heads} !== ''");
        Assert.Equal("EMAIL", await page.TextAsync(Heads));

        Task<string> AskAsync(string path, string method = "GET") => page.TextAsync($$"""
            (async () => {
              const token = await (await fetch('/lake-token')).text()
              const answer = await fetch('{{lake.Address}}{{path}}', { method: '{{method}}', headers: { Authorization: `Bearer ${token}` } })
              if (!answer.ok) return String(answer.status)
              const rows = await answer.json()
              const list = Array.isArray(rows) ? rows : rows.rows
              return list.length > 0 && 'user_id' in list[0] ? String(list.length) : [...new Set(list.map(row => row.channel))].join()
            })()
            """);
    }

    [BrowserFact]
    public async Task Tokens_are_renewed_in_time_and_the_page_keeps_its_figures()
    {
        int port = FreePort.Take();
        await using ServedLake lake = await StartLakeAsync(port);
        await using SampleSite site = await SampleSite.StartAsync(port, lake.Address, Key.Secret, TimeSpan.FromSeconds(12));
        await lake.SendAsync(TestMessages.Mixed(10, 200));
        await using BrowserPage page = await fixture.Browser.OpenAsync(site.Address.ToString());
        await page.WaitAsync("document.querySelector('#mail').dataset.phase === 'live' && document.querySelector('#mail').shadowRoot.querySelector('table') !== null");
        await page.EvaluateAsync("""
            (() => {
              window.events = []
              for (const type of ['lake-stale', 'lake-token-expiring']) document.addEventListener(type, event => event.target.id === 'mail' && window.events.push(type))
              window.table = document.querySelector('#mail').shadowRoot.querySelector('table')
            })()
            """);

        await page.WaitAsync("window.events.length >= 2");

        Assert.Equal("lake-token-expiring", await page.TextAsync("[...new Set(window.events)].join()"));
        Assert.True((await page.EvaluateAsync("window.table.isConnected")).GetBoolean(), "The table was rebuilt.");
        string position = await lake.SendAsync(TestMessages.At("2024-12-16T00:00:00Z", "new", "EMAIL", "SENT"));
        await page.WaitAsync($"document.querySelector('#mail').position === '{position}'");
    }

    [BrowserFact]
    public async Task An_expired_token_is_said_and_a_new_one_goes_on()
    {
        int port = FreePort.Take();
        await using ServedLake lake = await StartLakeAsync(port);
        await using SampleSite site = await SampleSite.StartAsync(port, lake.Address, Key.Secret);
        await lake.SendAsync(TestMessages.Mixed(11, 200));
        await using BrowserPage page = await fixture.Browser.OpenAsync(site.Address.ToString());

        await page.EvaluateAsync($$"""
            (() => {
              const report = document.createElement('orleans-lake-report')
              report.id = 'fixed'
              report.setAttribute('src', '{{lake.Address}}')
              report.setAttribute('token', '{{Token(lake, TimeSpan.FromMinutes(1))}}')
              document.querySelector('main').append(report)
            })()
            """);
        await page.WaitAsync("document.querySelector('#fixed').dataset.phase === 'live'");
        await page.EvaluateAsync($"document.querySelector('#fixed').setAttribute('token', '{Token(lake, TimeSpan.FromSeconds(-1))}')");
        await page.WaitAsync("document.querySelector('#fixed').dataset.phase === 'refused'");
        Assert.Contains("expired", await page.TextAsync("document.querySelector('#fixed').shadowRoot.querySelector('.standing').textContent"), StringComparison.Ordinal);
        Assert.True((await page.EvaluateAsync("getComputedStyle(document.querySelector('#fixed').shadowRoot.querySelector('.figures')).filter.includes('grayscale')")).GetBoolean());

        await page.EvaluateAsync($"document.querySelector('#fixed').setAttribute('token', '{Token(lake, TimeSpan.FromMinutes(1))}')");
        await page.WaitAsync("document.querySelector('#fixed').dataset.phase === 'live'");
        string position = await lake.SendAsync(TestMessages.At("2024-12-16T00:00:00Z", "new", "PUSH", "SENT"));
        await page.WaitAsync($"document.querySelector('#fixed').position === '{position}'");
    }

    [BrowserFact]
    public async Task A_site_that_is_not_listed_gets_nothing()
    {
        int port = FreePort.Take();
        await using ServedLake lake = await StartLakeAsync(FreePort.Take());
        await using SampleSite site = await SampleSite.StartAsync(port, lake.Address, Key.Secret);
        await using BrowserPage page = await fixture.Browser.OpenAsync(site.Address.ToString());

        Assert.Equal("refused", await page.TextAsync($"fetch('{lake.Address}v1/reports/report1').then(() => 'read', () => 'refused')"));
        Assert.Contains(await page.ErrorsAsync(), error => error.Contains("CORS", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task A_frame_is_shown_by_the_sites_that_the_operator_lists_and_the_dashboard_by_none()
    {
        int port = FreePort.Take();
        await using ServedLake lake = await StartLakeAsync(port, isFramed: true);
        await using ServedLake closed = await StartLakeAsync(port);
        await using SampleSite site = await SampleSite.StartAsync(port, lake.Address, Key.Secret);
        await lake.SendAsync(TestMessages.Mixed(12, 100));
        await using BrowserPage page = await fixture.Browser.OpenAsync(site.Address.ToString());

        using HttpResponseMessage open = await lake.Http.GetAsync(new Uri("dashboard/embed.html", UriKind.Relative));
        Assert.EndsWith($"frame-ancestors {site.Address.ToString().TrimEnd('/')}", open.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using HttpResponseMessage shut = await closed.Http.GetAsync(new Uri("dashboard/embed.html", UriKind.Relative));
        Assert.EndsWith("frame-ancestors 'none'", shut.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using HttpResponseMessage dashboard = await lake.Http.GetAsync(new Uri("dashboard/", UriKind.Relative));
        Assert.EndsWith("frame-ancestors 'none'", dashboard.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        // The frame tells its page when a token is wanted: only a frame that runs can.
        await page.EvaluateAsync($$"""
            (() => {
              window.told = null
              addEventListener('message', event => { window.told = event.data.type })
              const frame = document.createElement('iframe')
              frame.src = '{{lake.Address}}dashboard/embed.html#token={{Token(lake, TimeSpan.FromSeconds(3))}}'
              document.body.append(frame)
            })()
            """);
        await page.WaitAsync("window.told === 'lake-token-expiring'");
    }

    [Fact]
    public async Task An_admin_is_given_a_token_that_reads_what_it_says_and_ends_when_it_says()
    {
        await using ServedLake lake = await StartLakeAsync(FreePort.Take());
        await lake.SendAsync(TestMessages.Mixed(13, 100));

        (string token, _) = await MakeAsync(60);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(token[..^2] + "AA"));

        // Its stream ends with it. A machine that is very busy may be too late for a short one: then the next is longer.
        for (int seconds = 2; ; seconds *= 2)
        {
            (string brief, DateTimeOffset end) = await MakeAsync(seconds);
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/reports/report1/stream");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", brief);
            using HttpResponseMessage stream = await lake.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (stream.StatusCode == HttpStatusCode.Unauthorized && seconds < 60)
            {
                continue;
            }

            Assert.Contains("event: snapshot", await stream.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            // The stream is timed by a monotonic clock, the token by the time of day, which may have been set meanwhile.
            Assert.InRange(DateTimeOffset.UtcNow, end.AddSeconds(-1), end.AddMinutes(1));
            while (DateTimeOffset.UtcNow < end)
            {
                await Task.Delay(10);
            }

            Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(brief));
            return;
        }

        async Task<(string Token, DateTimeOffset End)> MakeAsync(int seconds)
        {
            using HttpResponseMessage answer = await lake.Http.PostAsJsonAsync(
                new Uri("v1/embed-tokens", UriKind.Relative), new { reports = new { report1 = new { channel = "EMAIL" } }, expires_in = seconds, subject = "customer 42" });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (body.GetProperty("token").GetString()!, body.GetProperty("expires_at").GetDateTimeOffset());
        }

        async Task<HttpStatusCode> ReadAsync(string bearer)
        {
            using var read = new HttpRequestMessage(HttpMethod.Get, "v1/reports/report1");
            read.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            using HttpResponseMessage response = await lake.Http.SendAsync(read);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"reports\":{\"report1\":{\"colour\":\"red\"}}}")]
    [InlineData("{\"reports\":{\"report1\":{}},\"expires_in\":0}")]
    [InlineData("{\"reports\":{\"report1\":{}},\"expires_in\":1e9}")]
    [InlineData("{\"reports\":{\"report1\":{}},\"key\":\"other\"}")]
    [InlineData("{\"reports\":{\"report1\":{}},\"subject\":7}")]
    [InlineData("{\"reports\":{\"report1\":{}},\"lifetime\":7}")]
    [InlineData("{\"reports\":")]
    [InlineData("")]
    public async Task A_token_request_that_is_wrong_is_told_what_is(string request)
    {
        await using ServedLake lake = await StartLakeAsync(FreePort.Take());
        using var content = new StringContent(request, null, "application/json");
        using HttpResponseMessage answer = await lake.Http.PostAsync(new Uri("v1/embed-tokens", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
    }

    private static Task<ServedLake> StartLakeAsync(int sitePort, bool isFramed = false) => ServedLake.StartAsync(options =>
    {
        string site = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sitePort}");
        options.AllowedOrigins.Add(site);
        options.Embed.Keys.Add(Key);
        if (isFramed)
        {
            options.Embed.FrameAncestors.Add(site);
        }
    });

    private static string Token(ServedLake lake, TimeSpan lifetime) => lake.Service<EmbedTokens>().Write(new EmbedToken
    {
        KeyId = Key.Id,
        ExpiresAt = DateTimeOffset.UtcNow + lifetime,
        Reports = new Dictionary<string, ReportFilter> { ["report1"] = ReportFilter.None },
    });
}
