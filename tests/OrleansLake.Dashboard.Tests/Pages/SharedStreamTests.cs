using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Embedding;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.Server.Requests;

namespace OrleansLake.Dashboard.Tests.Pages;

/// <summary>Over HTTP/1.1 a browser opens six connections to a server: windows and components share what they have.</summary>
[Collection(BrowserTests.Name)]
public sealed class SharedStreamTests(BrowserFixture fixture)
{
    private const int StreamsMax = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [BrowserFact]
    public async Task Eight_windows_of_the_dashboard_share_a_stream_and_go_on_when_the_one_that_has_it_is_closed()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(30, 200));
        List<BrowserPage> windows = await OpenAsync(8, lake.Dashboard);
        foreach (BrowserPage window in windows)
        {
            await window.WaitAsync("document.body.dataset.phase === 'live'");
        }

        await UntilAsync(() => lake.Service<LakeServer>().Streams.Count == 1);
        string position = await lake.SendAsync(TestMessages.Mixed(31, 100));
        foreach (BrowserPage window in windows)
        {
            await Shown.WaitForAsync(window, position);
        }

        // Whichever of them has the stream: it is among those that are closed.
        for (int seed = 32; windows.Count > 1; seed++)
        {
            await windows[0].DisposeAsync();
            windows.RemoveAt(0);
            position = await lake.SendAsync(TestMessages.Mixed(seed, 20));
            foreach (BrowserPage window in windows)
            {
                await Shown.WaitForAsync(window, position);
            }
        }

        await UntilAsync(() => lake.Service<LakeServer>().Streams.Count == 1);
        await windows[0].DisposeAsync();
    }

    [BrowserFact]
    public async Task What_shows_figures_of_a_shared_stream_is_never_said_to_be_connecting()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(50, 400));
        string token = embedded.Token();
        for (int load = 0; load < 8; load++)
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
            await page.EvaluateAsync($$"""
                window.wrong = [];
                const look = () => {
                  for (const one of document.querySelectorAll('orleans-lake-report')) if (/These figures/.test(said(one.id)) && phase(one.id) === 'connecting') wrong.push(said(one.id));
                  requestAnimationFrame(look)
                };
                look();
                add('a', { src: '{{embedded.Lake.Address}}', token: '{{token}}', channel: 'EMAIL' });
                add('b', { src: '{{embedded.Lake.Address}}', token: '{{token}}', report: 'report2' })
                """);
            await page.WaitAsync("phase('a') === 'live' && rows('a') !== '' && phase('b') === 'live' && rows('b') !== ''");
            Assert.Equal("", await page.TextAsync("wrong.join()"));
        }
    }

    [BrowserFact]
    public async Task Eight_reports_of_a_page_each_show_their_own_of_few_streams()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(50, 400));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        string[] reports =
        [
            "", "channel: 'SMS'", "channel: 'EMAIL,CHAT', from: '2024-12-17'", "date: '2024-12-16'", "report: 'report2'", "report: 'report2', top: '2'", "report: 'report2', user: '1001,1002,1003'", "report: 'report2', user: '1005'",
        ];
        for (int i = 0; i < reports.Length; i++)
        {
            await page.EvaluateAsync($"add('it{i}', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token()}', {reports[i]} }})");
        }

        await page.WaitAsync("[0, 1, 2, 3, 4, 5, 6, 7].every(i => phase(`it${i}`) === 'live' && rows(`it${i}`) !== '')");
        await UntilAsync(() => embedded.Streams <= 2);
        await embedded.Lake.SendAsync(TestMessages.Mixed(51, 200));

        // Each is as the lake itself answers who asks for that alone.
        (int Report, string Query)[] asked = [(0, "report1"), (1, "report1?channel=SMS"), (2, "report1?channel=EMAIL,CHAT&from=2024-12-17"), (3, "report1?date=2024-12-16")];
        foreach ((int report, string query) in asked)
        {
            await page.WaitAsync($$"""
                (async () => {
                  const { rows: answer } = await (await fetch('{{embedded.Lake.Address}}v1/reports/{{query}}')).json()
                  const sum = answer.reduce((all, row) => all + row.total, 0)
                  const shown = [...document.getElementById('it{{report}}').shadowRoot.querySelectorAll('tfoot td')].at(-1).textContent.replaceAll(',', '')
                  return String(sum) === shown
                })()
                """);
        }

        foreach ((int report, string query) in (IEnumerable<(int, string)>)[(4, "report2?top=10"), (5, "report2?top=2"), (6, "report2?user=1001,1002,1003"), (7, "report2?user=1005")])
        {
            await page.WaitAsync($$"""
                (async () => {
                  const { rows: answer } = await (await fetch('{{embedded.Lake.Address}}v1/reports/{{query}}')).json()
                  const shown = [...document.getElementById('it{{report}}').shadowRoot.querySelectorAll('tbody tr')].map(row => [...row.children].slice(0, 2).map(cell => cell.textContent).join(' '))
                  return answer.map(row => `${row.user_id} ${row.iterations}`).join() === shown.join()
                })()
                """);
        }
    }

    [BrowserFact]
    public async Task Tokens_that_may_see_different_things_share_nothing_and_beyond_a_few_streams_figures_are_read_in_turn()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(52, 400));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        string[] locks = ["CHAT", "EMAIL", "OTHER", "PUSH", "SMS", "CHAT,EMAIL", "OTHER,PUSH", "PUSH,SMS"];
        for (int i = 0; i < locks.Length; i++)
        {
            await page.EvaluateAsync($$"""
                (() => {
                  add('it{{i}}', { src: '{{embedded.Lake.Address}}', token: '{{embedded.Token(locks[i].Split(','))}}' })
                  new MutationObserver(() => (window.seen ??= new Set()).add(`{{locks[i]}}: ${rows('it{{i}}')}`)).observe(document.getElementById('it{{i}}').shadowRoot, { childList: true, subtree: true })
                })()
                """);
        }

        await page.WaitAsync($"{System.Text.Json.JsonSerializer.Serialize(locks)}.every((lock, i) => ['live', 'polling'].includes(phase(`it${{i}}`)) && rows(`it${{i}}`) === lock)");
        string[] phases = [.. (await page.EvaluateAsync("[0, 1, 2, 3, 4, 5, 6, 7].map(i => phase(`it${i}`)).sort()")).EnumerateArray().Select(phase => phase.GetString()!)];
        Assert.InRange(phases.Count(phase => phase == "live"), 1, StreamsMax);
        Assert.Contains("no connection left for a stream", await page.TextAsync("[0, 1, 2, 3, 4, 5, 6, 7].map(i => said(`it${i}`)).join()"), StringComparison.Ordinal);

        await embedded.Lake.SendAsync(TestMessages.At("2024-12-16T00:00:00Z", "late-1", "EMAIL", "NEW_TYPE"), TestMessages.At("2024-12-16T00:00:00Z", "late-2", "SMS", "NEW_TYPE"));
        await page.WaitAsync("[0, 1, 2, 3, 4, 5, 6, 7].every(i => document.getElementById(`it${i}`).shadowRoot.textContent.includes('NEW_TYPE'))");
        foreach (string seen in (await page.EvaluateAsync("[...seen]")).EnumerateArray().Select(one => one.GetString()!))
        {
            string[] parts = seen.Split(": ");
            Assert.True(parts[1].Length == 0 || parts[1] == parts[0], seen);
        }
    }

    [BrowserFact]
    public async Task Who_cannot_show_a_token_of_its_own_is_told_nothing_by_other_windows()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(53, 100));
        await using BrowserPage first = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        await first.EvaluateAsync($"add('it', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token("EMAIL")}' }})");
        await first.WaitAsync("phase('it') === 'live' && rows('it') === 'EMAIL'");

        // The same claims, with a signature that is not: what the other window shows, and not allowed to see it.
        string[] parts = embedded.Token("EMAIL").Split('.');
        string forged = $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}";
        await using BrowserPage second = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString(), beside: first);
        await second.EvaluateAsync($"add('it', {{ src: '{embedded.Lake.Address}', token: '{forged}' }})");
        await second.WaitAsync("phase('it') === 'refused'");

        // Nor one whose token has ended: here it is the one who listens, as the other had the stream before.
        await second.EvaluateAsync($"add('brief', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token(TimeSpan.FromSeconds(6), "EMAIL")}' }})");
        await second.WaitAsync("phase('brief') === 'live' && rows('brief') === 'EMAIL'");
        await second.WaitAsync("phase('brief') === 'refused'");
        await embedded.Lake.SendAsync(TestMessages.At("2024-12-16T00:00:00Z", "later", "EMAIL", "LATER"));
        await first.WaitAsync("document.getElementById('it').shadowRoot.textContent.includes('LATER')");
        Assert.False((await second.EvaluateAsync("['it', 'brief'].some(id => document.getElementById(id).shadowRoot.textContent.includes('LATER'))")).GetBoolean());
        Assert.Equal("", await second.TextAsync("rows('it')"));
    }

    [BrowserFact]
    public async Task Windows_that_cannot_share_read_every_few_seconds_and_say_so()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(54, 100));
        List<BrowserPage> windows = await OpenAsync(8, lake.Dashboard, new PageOptions { Before = "delete window.BroadcastChannel; delete window.SharedWorker" });
        foreach (BrowserPage window in windows)
        {
            await window.WaitAsync("document.body.dataset.phase === 'polling'");
            Assert.Equal("Read every few seconds", await window.TextAsync("document.getElementById('phase').textContent"));
        }

        string position = await lake.SendAsync(TestMessages.Mixed(55, 50));
        foreach (BrowserPage window in windows)
        {
            await window.WaitAsync($"document.body.dataset.position === '{position}'");
            await window.DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task Frames_share_too_and_a_sandboxed_one_says_what_it_wants()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(56, 100));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        await page.EvaluateAsync($$"""
            (() => {
              window.told = {}
              addEventListener('message', ({ source, data }) => {
                const number = [...document.querySelectorAll('iframe')].findIndex(frame => frame.contentWindow === source)
                told[number] = data.type === 'lake-live' ? 'live' : data.code ?? data.phase
              })
              for (let i = 0; i < 9; i++) {
                const frame = document.createElement('iframe')
                frame.title = `Report ${i}`
                if (i === 8) frame.sandbox = 'allow-scripts'
                frame.src = '{{embedded.Lake.Address}}dashboard/embed.html#token={{embedded.Token()}}'
                document.body.append(frame)
              }
            })()
            """);
        await page.WaitAsync("[0, 1, 2, 3, 4, 5, 6, 7].every(i => told[i] === 'live') && told[8] === 'sandboxed'");
        await UntilAsync(() => embedded.Streams == 1);
    }

    private async Task<List<BrowserPage>> OpenAsync(int count, string address, PageOptions? options = null)
    {
        List<BrowserPage> windows = [];
        for (int i = 0; i < count; i++)
        {
            windows.Add(await fixture.Browser.OpenAsync(address, options, windows.FirstOrDefault()));
        }

        return windows;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
