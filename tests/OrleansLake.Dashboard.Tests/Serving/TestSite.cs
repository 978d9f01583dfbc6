using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>A site of another origin: an empty page that has the component, and an address that gives tokens as a test says.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestSite(int port, Uri? lake)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add($"http://127.0.0.1:{port}");
        _app.MapGet("/", () => Results.Content(
            $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Site</title><meta name="viewport" content="width=device-width, initial-scale=1">
            <style>:root { color-scheme: light dark; background: light-dark(#fff, #14171c); color: light-dark(#000, #fff) }</style>
            <link rel="icon" href="data:,">
            <script type="module" src="{{lake}}dashboard/orleans-lake-report.js"></script>
            <main><h1>Site</h1></main>
            <script>
              window.events = []
              for (const type of ['lake-live', 'lake-stale', 'lake-error'])
                addEventListener(type, ({ detail }) => window.events.push(`${type} ${detail.phase} ${detail.code ?? ''} ${detail.setting ?? ''}`.trim()))
              window.add = (id, attributes) => {
                const report = document.createElement('orleans-lake-report')
                report.id = id
                for (const [name, value] of Object.entries(attributes)) report.setAttribute(name, value)
                document.querySelector('main').append(report)
              }
              const at = (id, selector) => [...document.getElementById(id).shadowRoot.querySelectorAll(selector)].map(one => one.textContent)
              window.said = id => `${document.getElementById(id).dataset.phase}: ${at(id, '.standing').join().replace(/\s+/g, ' ').trim()}`
              window.rows = id => at(id, 'tbody th').join()
              window.phase = id => document.getElementById(id).dataset.phase
            </script></html>
            """,
            "text/html; charset=utf-8"));
        _app.MapGet("/token", context =>
        {
            Interlocked.Increment(ref _asked);
            return Answer(context);
        });
    }

    private int _asked;

    /// <summary>Gets the number of times that it was asked for a token.</summary>
    internal int Asked => Volatile.Read(ref _asked);

    /// <summary>Gets or sets its answer to a request for a token.</summary>
    internal Func<HttpContext, Task> Answer { get; set; } = context => Task.CompletedTask;

    internal Uri Address { get; private set; } = null!;

    internal static async Task<TestSite> StartAsync(Uri? lake, int port = 0)
    {
        var site = new TestSite(port, lake);
        await site._app.StartAsync();
        site.Address = new Uri(site._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return site;
    }

    /// <summary>An answer of a status, type and text.</summary>
    internal static Func<HttpContext, Task> Says(string body, int status = 200, string type = "text/plain") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
