using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.Server;

namespace OrleansLake.Dashboard.Tests.Embedding;

/// <summary>Attributes, and parameters of the frame and of the dashboard: what cannot be used is named, never left out in silence.</summary>
[Collection(EmbeddingTests.Name)]
public sealed class SettingsTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task A_wrong_attribute_is_named_and_shows_nothing_until_it_is_right()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(22, 200));
        (string Attributes, string Name, string Words)[] wrong =
        [
            ("from: '2024-13-01'", "from", "is not a date"), ("to: 'tomorrow'", "to", "is not a date"), ("date: '2024-02-30'", "date", "is not a date"),
            ("from: '2024-12-20', to: '2024-12-01'", "from", "is after to"), ("date: '2024-12-16', to: '2024-12-17'", "date", "excludes"),
            ("top: 'abc'", "top", "whole number"), ("top: '0'", "top", "whole number"), ("top: '-3'", "top", "whole number"), ("top: '1e3'", "top", "whole number"), ("top: '2147483648'", "top", "whole number"),
            ("report: 'report9'", "report", "report1 and report2"), ("report: 'toString'", "report", "report1 and report2"), ("report: 'report2', channel: 'EMAIL'", "channel", "no rows by channel"),
            ("report: 'report2', from: '2024-12-16'", "from", "no rows by date"), ("user: '5'", "user", "no rows by user_id"),
            ("channel: ' , '", "channel", "names none"), ("src: ''", "src", "is missing"), ("src: 'ftp://lake.example'", "src", "is not an address"), ("'token-url': 'http://'", "token-url", "is not an address"),
        ];
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        for (int i = 0; i < wrong.Length; i++)
        {
            (string attributes, string name, string words) = wrong[i];
            await page.EvaluateAsync($"events.length = 0, add('it{i}', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token()}', {attributes} }})");
            await page.WaitAsync($"phase('it{i}') === 'misconfigured'");
            string said = await page.TextAsync($"said('it{i}')");
            Assert.Contains(words, said, StringComparison.Ordinal);
            Assert.Contains($"Wrong setting {name}", said, StringComparison.Ordinal);
            Assert.Contains($"lake-error misconfigured wrong-setting {name}", await page.TextAsync("events.join()"), StringComparison.Ordinal);
        }

        // It is looked at again when it changes, and what was shown before answers another question.
        await page.EvaluateAsync("document.getElementById('it0').removeAttribute('from')");
        await page.WaitAsync("phase('it0') === 'live' && rows('it0') === 'CHAT,EMAIL,OTHER,PUSH,SMS'");
        await page.EvaluateAsync("document.getElementById('it0').setAttribute('channel', 'SMS')");
        await page.WaitAsync("phase('it0') === 'live' && rows('it0') === 'SMS'");
        await page.EvaluateAsync("document.getElementById('it0').setAttribute('to', '16.12.2024')");
        await page.WaitAsync("phase('it0') === 'misconfigured' && rows('it0') === ''");
    }

    [BrowserFact]
    public async Task An_attribute_that_the_component_does_not_have_is_said()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(27, 200));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        string source = $"src: '{embedded.Lake.Address}', token: '{embedded.Token()}'";
        foreach ((string name, string words) in (IEnumerable<(string, string)>)
            [
                ("chanel", "chanel is not an attribute of this component; channel is."), ("channels", "; channel is."), ("form", "form is not an attribute of this component"), ("serie", "serie is not an attribute of this component."),
                ("token_url", "; token-url is."), ("raport", "; report is."), ("tops", "; top is."),
            ])
        {
            await page.EvaluateAsync($"events.length = 0, add('{name}', {{ {source}, '{name}': '3' }})");
            await page.WaitAsync($"phase('{name}') === 'live' && said('{name}').includes({System.Text.Json.JsonSerializer.Serialize(words)})");
            Assert.Contains($"unknown-attribute {name}", await page.TextAsync("events.join()"), StringComparison.Ordinal);
        }

        // What every element may have, and what frameworks put on it, is not ours.
        await page.EvaluateAsync($"add('right', {{ {source}, class: 'x', style: 'color: red', title: 'x', role: 'region', 'aria-label': 'x', 'data-chanel': 'x', '_ngcontent-abc': '', 'b-x1y2z3': '', 'v-cloak': '', slot: 's', onclick: '' }})");
        await page.WaitAsync("phase('right') === 'live'");
        Assert.DoesNotContain("attribute", await page.TextAsync("said('right')"), StringComparison.Ordinal);
        await page.EvaluateAsync("document.getElementById('chanel').removeAttribute('chanel'), document.getElementById('chanel').setAttribute('channel', 'SMS')");
        await page.WaitAsync("phase('chanel') === 'live' && rows('chanel') === 'SMS' && !said('chanel').includes('attribute')");
    }

    [BrowserFact]
    public async Task What_the_token_does_not_allow_is_said()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(23, 200));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        await AddAsync("no", "channel: 'SMS'");
        await AddAsync("part", "channel: 'SMS,EMAIL'");
        await AddAsync("all", "");
        await AddAsync("none", "channel: 'EMAIL', date: '2030-01-01'");

        await page.WaitAsync("phase('no') === 'refused' && phase('part') === 'live' && phase('all') === 'live' && phase('none') === 'live'");
        await page.WaitAsync("rows('part') === 'EMAIL' && rows('all') === 'EMAIL'");
        Assert.Contains("Not allowed by the token: it may read channel EMAIL only.", await page.TextAsync("said('no')"), StringComparison.Ordinal);
        Assert.Contains("Not allowed by the token: channel SMS.", await page.TextAsync("said('part')"), StringComparison.Ordinal);
        Assert.DoesNotContain("llowed", await page.TextAsync("said('all')"), StringComparison.Ordinal);
        await page.WaitAsync("document.getElementById('none').shadowRoot.querySelector('.empty')?.textContent === 'No counted message fits this filter.'");

        Task AddAsync(string id, string attributes) => page.EvaluateAsync($"add('{id}', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token("EMAIL")}', {attributes} }})");
    }

    [BrowserFact]
    public async Task The_lakes_address_keeps_its_path_and_what_is_there_is_said()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(24, 50));
        await using var proxy = await StrippingProxy.StartAsync("/some/lake", embedded.Lake.Address);
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        string[] good = [embedded.Lake.Address.ToString(), embedded.Lake.Address.ToString().TrimEnd('/'), $"{proxy.Address}some/lake", $"{proxy.Address}some/lake/", $"{proxy.Address}some/lake?x=1#y"];
        for (int i = 0; i < good.Length; i++)
        {
            await page.EvaluateAsync($"add('good{i}', {{ src: '{good[i]}', token: '{embedded.Token()}' }})");
            await page.WaitAsync($"phase('good{i}') === 'live' && rows('good{i}') !== ''");
        }

        await page.EvaluateAsync($"add('site', {{ src: '/', token: '{embedded.Token()}' }})");
        await page.EvaluateAsync($"add('path', {{ src: '{embedded.Lake.Address}elsewhere', token: '{embedded.Token()}' }})");
        await page.EvaluateAsync("add('gone', { src: 'http://127.0.0.1:1/' })");
        await page.WaitAsync("said('site').includes('is not from the lake') && phase('site') === 'away'");
        await page.WaitAsync("said('path').includes('There is no lake at')");
        await page.WaitAsync("said('gone').includes('does not answer. Trying again.') && phase('gone') === 'away'");
    }

    [BrowserFact]
    public async Task A_site_that_the_lake_does_not_list_is_told_so_by_the_component()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await using var other = await TestSite.StartAsync(embedded.Lake.Address);
        await using BrowserPage page = await fixture.Browser.OpenAsync(other.Address.ToString());
        await page.EvaluateAsync($"add('it', {{ src: '{embedded.Lake.Address}', token: '{embedded.Token()}' }})");
        await page.WaitAsync("phase('it') === 'refused'");
        Assert.Contains($"--allow-origin {other.Address.ToString().TrimEnd('/')}", await page.TextAsync("said('it')"), StringComparison.Ordinal);
        Assert.Equal("", await page.TextAsync("rows('it')"));
    }

    [BrowserFact]
    public async Task A_lake_with_keys_is_said_to_want_the_attribute_that_is_missing()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync(options => options.Keys.Add(LakeApiKey.Create("reader", LakeScopes.Read).Key));
        await using BrowserPage page = await fixture.Browser.OpenAsync(embedded.Site.Address.ToString());
        await page.EvaluateAsync($"add('it', {{ src: '{embedded.Lake.Address}' }})");
        await page.WaitAsync("phase('it') === 'refused' && said('it').includes('set token-url')");
        Assert.DoesNotContain("Bearer", await page.TextAsync("said('it')"), StringComparison.Ordinal);
        Assert.Contains("lake-error refused token-missing token-url", await page.TextAsync("events.join()"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_frame_names_what_is_wrong_in_its_address()
    {
        await using EmbeddedLake embedded = await EmbeddedLake.StartAsync();
        await embedded.Lake.SendAsync(TestMessages.Mixed(25, 200));
        string frame = $"{embedded.Lake.Dashboard}embed.html";
        string token = embedded.Token();
        foreach ((string address, string words) in (IEnumerable<(string, string)>)
            [
                ($"{frame}#token={token}&chanel=SMS", "chanel is not a parameter"), ($"{frame}#token={token}&theme=pink", "theme=pink"), ($"{frame}#token={token}&from=2024-12-16&from=2024-12-17", "from occurs 2 times"),
                ($"{frame}?token={token}", "after #"), ($"{frame}#token={token}&top=abc", "top=\"abc\" is not a whole number"),
            ])
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(address);
            await page.WaitAsync($"(document.querySelector('orleans-lake-report')?.shadowRoot ?? document).textContent !== undefined && ((document.querySelector('orleans-lake-report')?.shadowRoot.querySelector('.standing') ?? document.body).textContent.includes({System.Text.Json.JsonSerializer.Serialize(words)}))");
        }

        // The page around changes what comes after # without a load.
        const string Rows = "[...document.querySelector('orleans-lake-report').shadowRoot.querySelectorAll('tbody th')].map(one => one.textContent).join()";
        await using BrowserPage shown = await fixture.Browser.OpenAsync($"{frame}#token={token}&channel=SMS&channel=CHAT");
        await shown.WaitAsync($"{Rows} === 'CHAT,SMS'");
        await shown.EvaluateAsync($"void (location.hash = 'token={token}&channel=EMAIL&theme=dark')");
        await shown.WaitAsync($"{Rows} === 'EMAIL' && document.documentElement.dataset.theme === 'dark'");
    }

    [BrowserFact]
    public async Task The_dashboard_says_what_it_leaves_out_of_its_address()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(26, 200));
        await using BrowserPage page = await fixture.Browser.OpenAsync($"{lake.Dashboard}?from=abc&chanel=SMS&channel=EMAIL,CHAT");
        await page.WaitAsync("document.querySelectorAll('#pivot tbody tr').length === 2");
        string said = await page.TextAsync("document.getElementById('address-note').innerText");
        Assert.Contains("chanel is not known", said, StringComparison.Ordinal);
        Assert.Contains("from=abc is not a date", said, StringComparison.Ordinal);

        foreach ((string asked, string told) in ((string, string)[])[("date=2024-12-11&from=2024-12-13", "date excludes from and to"), ("from=2025-01-01&to=2024-01-01", "from=2025-01-01 is after to=2024-01-01: no date is both")])
        {
            await using BrowserPage wrong = await fixture.Browser.OpenAsync($"{lake.Dashboard}?{asked}");
            await wrong.WaitAsync("!document.getElementById('address-note').hidden");
            Assert.Contains(told, await wrong.TextAsync("document.getElementById('address-note').innerText"), StringComparison.Ordinal);
        }

        await using BrowserPage right = await fixture.Browser.OpenAsync($"{lake.Dashboard}?date=2024-12-17");
        await right.WaitAsync("document.querySelector('#pivot caption')?.textContent === '2024-12-17'");
        Assert.True((await right.EvaluateAsync("document.getElementById('address-note').hidden")).GetBoolean());
    }
}
