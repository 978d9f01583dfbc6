using System.Text.Json;

namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>A page in the browser.</summary>
internal sealed class BrowserPage(Chromium browser, int number) : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    /// <summary>Its number in the browser.</summary>
    internal int Number => number;

    /// <summary>Returns what an expression gives in the page.</summary>
    internal Task<JsonElement> EvaluateAsync(string script) => browser.AskAsync(new { @do = "evaluate", page = number, script });

    internal async Task<string> TextAsync(string script) => (await EvaluateAsync(script)).GetString() ?? "";

    /// <summary>Waits until an expression is true in the page.</summary>
    internal Task WaitAsync(string script, TimeSpan? max = null)
    {
        TimeSpan patience = max ?? WaitMax;
        return browser.AskAsync(new { @do = "wait", page = number, script, timeout = patience.TotalMilliseconds }, patience + TimeSpan.FromSeconds(10));
    }

    internal Task GotoAsync(string url) => browser.AskAsync(new { @do = "goto", page = number, url });

    internal Task ReloadAsync() => browser.AskAsync(new { @do = "reload", page = number });

    internal Task PressAsync(string key) => browser.AskAsync(new { @do = "press", page = number, key });

    internal Task TypeAsync(string text) => browser.AskAsync(new { @do = "type", page = number, text });

    internal Task ClickAsync(string selector) => browser.AskAsync(new { @do = "click", page = number, selector });

    internal Task FillAsync(string selector, string value) => browser.AskAsync(new { @do = "fill", page = number, selector, value });

    internal Task SchemeAsync(string scheme) => browser.AskAsync(new { @do = "scheme", page = number, scheme });

    internal Task ScreenshotAsync(string path, bool full = false) => browser.AskAsync(new { @do = "screenshot", page = number, path, full });

    /// <summary>Returns what a screen reader is given of an element, as Playwright's ARIA snapshot.</summary>
    internal async Task<string> AccessibilityAsync(string selector) =>
        (await browser.AskAsync(new { @do = "accessibility", page = number, selector })).GetString() ?? "";

    /// <summary>Takes the network from its browser, or gives it back.</summary>
    internal Task OfflineAsync(bool isOffline) => browser.AskAsync(new { @do = "offline", page = number, offline = isOffline });

    /// <summary>Returns what axe-core finds wrong, a line for each.</summary>
    internal Task<string[]> AxeAsync() => ListAsync("axe");

    /// <summary>Returns what went wrong in the page since the last call: exceptions, and what it logged as errors.</summary>
    internal Task<string[]> ErrorsAsync() => ListAsync("errors");

    /// <summary>The addresses that the page asked for since the last call.</summary>
    internal Task<string[]> RequestsAsync() => ListAsync("requests");

    public async ValueTask DisposeAsync() => await browser.AskAsync(new { @do = "close", page = number });

    private async Task<string[]> ListAsync(string what) =>
        [.. (await browser.AskAsync(new { @do = what, page = number })).EnumerateArray().Select(item => item.GetString()!)];
}
