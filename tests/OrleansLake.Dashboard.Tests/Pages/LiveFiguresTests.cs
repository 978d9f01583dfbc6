using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Pages;

[Collection(BrowserTests.Name)]
public sealed class LiveFiguresTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task Figures_move_with_the_messages_and_are_the_report_at_every_position_shown()
    {
        const int Seed = 20241216;
        await using ServedLake lake = await ServedLake.StartAsync();
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.body.dataset.phase === 'live'");
        await page.EvaluateAsync(Shown.Record);

        var random = new Random(Seed);
        Message[] messages = TestMessages.Mixed(Seed, 3000);
        string position = "";
        for (int sent = 0; sent < messages.Length;)
        {
            Message[] batch = messages[sent..Math.Min(messages.Length, sent + random.Next(1, 120))];
            position = await lake.SendAsync(batch);
            sent += batch.Length;
            if (random.Next(8) == 0)
            {
                // Now and then it has caught up, however busy the machine is.
                await Shown.WaitForAsync(page, position);
            }
        }

        await Shown.WaitForAsync(page, position);
        int positions = await Shown.AssertEveryStepAsync(page, messages);
        Assert.True(positions > 5, $"The page moved {positions} times only.");
        Assert.Equal(Shown.Of(messages), (await page.EvaluateAsync(Shown.Script)).GetProperty("text").GetString());
        Assert.Empty(await page.ErrorsAsync());
    }

    [BrowserFact]
    public async Task An_earlier_copy_takes_the_number_back_from_its_later_date()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(
            TestMessages.At("2024-12-17T10:10:01Z", "123", "CHAT", "CREATED"), TestMessages.At("2024-12-17T11:00:00Z", "124", "CHAT", "CREATED"));
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard + "?from=2024-12-17&to=2024-12-17");
        await page.WaitAsync("document.querySelector('#pivot tbody td')?.textContent === '2'");

        string position = await lake.SendAsync(TestMessages.At("2024-12-16T07:56:45Z", "123", "CHAT", "CREATED"));

        await Shown.WaitForAsync(page, position);
        Assert.Equal("1", await page.TextAsync("document.querySelector('#pivot tbody td').textContent"));
        Assert.Equal("2", await page.TextAsync("document.getElementById('counted').textContent"));
        await page.ClickAsync("#clear");
        Assert.Equal("2", await page.TextAsync("document.querySelector('#pivot tbody td').textContent"));
    }

    [BrowserFact]
    public async Task Bronze_file_of_another_program_that_goes_is_named()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        string theirs = Path.Combine(Directory.CreateDirectory(Path.Combine(lake.Folder, "bronze/messages/data")).FullName, "theirs.parquet");
        File.Copy(Fixtures.Path("foreign-parquet/arrow-snappy.parquet"), theirs);
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.getElementById('accepted').textContent === '700'");
        Assert.Equal("true", await page.TextAsync("String(document.getElementById('external').hidden)"));
        File.Delete(theirs);
        await page.WaitAsync("document.getElementById('external').textContent.startsWith('bronze/messages/data/theirs.parquet: gone')");
        Assert.Equal("700", await page.TextAsync("document.getElementById('accepted').textContent"));
        Assert.Empty(await page.ErrorsAsync());
    }

    [BrowserFact]
    public async Task Corrupted_and_rejected_counts_raise_an_alarm_that_says_so_in_words()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.At("2024-12-17T10:10:01Z", "123", "CHAT", "CREATED"));
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.getElementById('counted').textContent === '1'");
        Assert.Equal("", await page.TextAsync("[...document.querySelectorAll('[data-alarm]')].map(figure => figure.id).join()"));

        await lake.SendAsync(TestMessages.At("2024-12-17T10:10:02Z", "124", "CHAT", "NONE"));
        using var broken = new StringContent("{\"message_id\":\"1\"}\n", null, "application/x-ndjson");
        await lake.Http.PostAsync(new Uri("v1/messages", UriKind.Relative), broken);

        await page.WaitAsync("document.querySelectorAll('[data-alarm]').length === 2");
        Assert.Equal("1", await page.TextAsync("document.getElementById('corrupted').textContent"));
        Assert.Equal("1", await page.TextAsync("document.getElementById('rejected').textContent"));
        string said = await page.AccessibilityAsync(".headline");
        Assert.Contains("Corrupted", said, StringComparison.Ordinal);
        Assert.Contains("Rejected", said, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_page_has_one_stream_and_asks_no_server_but_its_own()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(1, 100));
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.body.dataset.phase === 'live'");

        string[] requests = await page.RequestsAsync();
        Assert.All(requests, request => Assert.StartsWith(lake.Address.ToString(), request, StringComparison.Ordinal));
        Assert.Single(requests, request => request.Contains("/v1/stream", StringComparison.Ordinal));
        Assert.Empty(await page.ErrorsAsync());
    }

    [BrowserFact]
    public async Task A_hidden_page_watches_nothing_and_goes_on_from_where_it_was()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(1, 100));
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.body.dataset.phase === 'live'");
        // The last that a page asks for when it becomes live.
        await page.WaitAsync("performance.getEntriesByType('resource').some(one => one.name.endsWith('/v1/sources'))");
        await page.RequestsAsync();

        await page.EvaluateAsync("Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))");
        Assert.Equal("paused", await page.TextAsync("document.body.dataset.phase"));
        Message[] messages = TestMessages.Mixed(1, 100);
        string position = await lake.SendAsync(TestMessages.Mixed(2, 50));
        Assert.NotEqual(position, await page.TextAsync("document.body.dataset.position"));
        Assert.Empty(await page.RequestsAsync());

        await page.EvaluateAsync(Shown.Record);
        await page.EvaluateAsync("Object.defineProperty(document, 'hidden', { value: false, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))");
        await Shown.WaitForAsync(page, position);
        await Shown.AssertEveryStepAsync(page, [.. messages, .. TestMessages.Mixed(2, 50)]);
    }
}
