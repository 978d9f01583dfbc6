using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;

namespace OrleansLake.Dashboard.Tests.Pages;

/// <summary>The page as people use it: by keyboard, on a phone, in the dark, with a screen reader.</summary>
[Collection(BrowserTests.Name)]
public sealed class UseTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task Channels_and_dates_are_filtered_by_keyboard_alone_and_focus_is_seen()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(3, 400));
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.querySelectorAll('#pivot tbody tr').length === 5");

        const string FocusIsSeen = """
            (() => {
              const focused = document.activeElement
              const style = getComputedStyle(focused.matches('.chip input') ? focused.nextElementSibling : focused)
              return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            })()
            """;
        int stops = 0;
        while (await page.TextAsync("document.activeElement.value ?? ''") != "EMAIL")
        {
            await page.PressAsync("Tab");
            Assert.True((await page.EvaluateAsync(FocusIsSeen)).GetBoolean(), await page.TextAsync("document.activeElement.outerHTML"));
            Assert.True(++stops < 30, "The channel EMAIL is not reached by Tab.");
        }

        await page.PressAsync("Space");
        await page.WaitAsync("document.querySelectorAll('#pivot tbody tr').length === 1");
        Assert.Equal("EMAIL", await page.TextAsync("document.querySelector('#pivot tbody th').textContent"));
        Assert.Equal("EMAIL", await page.TextAsync("document.activeElement.value"));
        Assert.Contains("channel=EMAIL", await page.TextAsync("location.search"), StringComparison.Ordinal);
        Assert.Contains("in 1 channels", await page.TextAsync("document.getElementById('said').textContent"), StringComparison.Ordinal);

        await page.FillAsync("#from", "2024-12-18");
        await page.WaitAsync("document.querySelector('#pivot caption').textContent.startsWith('2024-12-18')");
        await page.ReloadAsync();
        await page.WaitAsync("document.querySelector('#pivot caption')?.textContent.startsWith('2024-12-18') && document.querySelectorAll('#pivot tbody tr').length === 1");
    }

    [BrowserFact]
    public async Task A_phone_shows_all_of_it_without_scrolling_sideways()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(4, 400));

        // 280: twice as large on a phone of 560.
        foreach (int width in (int[])[280, 320, 360, 390, 768])
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard, PageOptions.Phone with { Width = width });
            await page.WaitAsync("document.querySelectorAll('#pivot tbody tr').length === 5 && document.body.dataset.phase === 'live'");
            Assert.True((await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetBoolean(), $"It is wider than {width} pixels.");
            Assert.Equal(
                "", await page.TextAsync("[...document.querySelectorAll('body *')].filter(e => !e.closest('.unseen, .skip, .report-scroll') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80)).join()"));
        }
    }

    [BrowserFact]
    public async Task Long_names_and_many_columns_scroll_in_their_own_box()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        string[] channels = ["SMS", "A_VERY_LONG_CHANNEL_NAME_WITHOUT_ANY_BLANK_IN_IT", "ein langer Kanal mit vielen Wörtern und Umlauten darin"];
        await lake.SendAsync(Enumerable.Range(0, 60).Select(i => TestMessages.At("2024-12-16T10:00:00Z", $"long-{i}", channels[i % 3], $"AN_EVENT_TYPE_WITH_A_LONG_NAME_{i % 20}", int.MaxValue - i)));
        foreach (int width in (int[])[280, 320, 390, 1280])
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard + "?chanel=" + new string('x', 80), PageOptions.Phone with { Width = width });
            await page.WaitAsync("document.querySelectorAll('#pivot tbody tr').length === 3 && document.body.dataset.phase === 'live'");
            Assert.Equal(width, (await page.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
            Assert.True((await page.EvaluateAsync("(box => box.scrollWidth > box.clientWidth)(document.querySelector('#pivot .report-scroll'))")).GetBoolean());
        }
    }

    [BrowserFact]
    public async Task Dark_follows_the_system_and_the_button_and_stays_after_a_reload()
    {
        const string Lightness = "(() => { const [r, g, b] = getComputedStyle(document.documentElement).backgroundColor.match(/[\\d.]+/g).map(Number); return (r + g + b) / 3 < 100 ? 'dark' : 'light' })()";
        await using ServedLake lake = await ServedLake.StartAsync();
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard, new PageOptions { IsDark = true });
        Assert.Equal("dark", await page.TextAsync(Lightness));
        await page.SchemeAsync("light");
        Assert.Equal("light", await page.TextAsync(Lightness));

        await page.ClickAsync("#theme");
        Assert.Equal("Colours: light", await page.TextAsync("document.getElementById('theme').ariaLabel"));
        await page.ClickAsync("#theme");
        Assert.Equal("dark", await page.TextAsync(Lightness));
        await page.ReloadAsync();
        Assert.Equal("dark", await page.TextAsync(Lightness));
    }

    [BrowserFact]
    public async Task Figures_stand_out_from_the_heat_in_both_themes()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(5, 600));
        foreach (bool isDark in (bool[])[false, true])
        {
            await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard, new PageOptions { IsDark = isDark, HasReducedMotion = true });
            await page.WaitAsync("document.querySelectorAll('#pivot td.heat').length > 0");

            // What the browser paints, whatever notation it has for the colour: WCAG 2.2, contrast of text.
            double least = (await page.EvaluateAsync("""
                (() => {
                  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
                  const luminance = color => {
                    context.fillStyle = color
                    context.fillRect(0, 0, 1, 1)
                    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                    return 0.2126 * r + 0.7152 * g + 0.0722 * b
                  }
                  return Math.min(...[...document.querySelectorAll('#pivot td.heat')].map(cell => {
                    const style = getComputedStyle(cell)
                    const [low, high] = [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => a - b)
                    return (high + 0.05) / (low + 0.05)
                  }))
                })()
                """)).GetDouble();
            Assert.True(least >= 4.5, $"The least contrast is {least:0.00}, dark: {isDark}.");
        }
    }

    [BrowserFact]
    public async Task A_screen_reader_is_given_tables_and_is_not_told_every_change()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await lake.SendAsync(TestMessages.Mixed(6, 200));
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);
        await page.WaitAsync("document.body.dataset.phase === 'live' && document.querySelectorAll('#pivot tbody tr').length === 5");
        string tree = await page.AccessibilityAsync("main");
        Assert.Contains("columnheader \"SENT\"", tree, StringComparison.Ordinal);
        Assert.Contains("rowheader \"EMAIL\"", tree, StringComparison.Ordinal);
        Assert.Contains("heading \"Most active users\"", tree, StringComparison.Ordinal);

        await page.EvaluateAsync("""
            (() => {
              window.told = 0
              const regions = document.querySelectorAll('[role=status], [role=alert], [aria-live]')
              for (const region of regions) new MutationObserver(() => window.told++).observe(region, { childList: true, characterData: true, subtree: true })
            })()
            """);
        string position = "";
        for (int i = 0; i < 20; i++)
        {
            position = await lake.SendAsync(TestMessages.Mixed(100 + i, 10));
        }

        await Shown.WaitForAsync(page, position);
        Assert.Equal(0, (await page.EvaluateAsync("window.told")).GetInt32());
    }
}
