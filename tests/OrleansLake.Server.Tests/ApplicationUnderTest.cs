using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests;

/// <summary>Somebody's application with a lake in it, listening beyond loopback by default.</summary>
internal sealed class ApplicationUnderTest : IAsyncDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly LogLines _log = new();
    private WebApplication? _app;

    internal IReadOnlyCollection<string> Log => _log.Lines;

    internal Uri Address => new(_app!.Urls.First());

    internal IServiceProvider Services => _app!.Services;

    internal static async Task<ApplicationUnderTest> StartAsync(
        Action<LakeServerOptions>? options = null, string? urls = "http://0.0.0.0:0", Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null, Action<WebApplication>? before = null)
    {
        var one = new ApplicationUnderTest();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        if (urls is not null)
        {
            builder.WebHost.UseUrls(urls);
        }

        builder.Logging.ClearProviders().AddProvider(one._log);
        builder.Services.AddOrleansLake(lake =>
        {
            lake.Path = one._scratch["lake"];
            lake.IsDurable = false;
            options?.Invoke(lake);
        });
        configure?.Invoke(builder);
        one._app = builder.Build();
        before?.Invoke(one._app);
        if (map is null)
        {
            one._app.MapOrleansLake();
            one._app.MapOrleansLakeDashboard();
        }
        else
        {
            map(one._app);
        }

        try
        {
            await one._app.StartAsync();
            return one;
        }
        catch
        {
            await one.DisposeAsync();
            throw;
        }
    }

    internal async Task<(int Status, string Type, string Detail)> AskAsync(string host, string path, params (string Name, string Value)[] headers)
    {
        int port = new Uri(_app!.Urls.First()).Port;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}{path}");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return ((int)response.StatusCode, "", "");
        }

        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("detail").GetString()!);
    }

    internal async Task<string> TextAsync(string host, string path)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync($"http://{host}:{new Uri(_app!.Urls.First()).Port}{path}");
    }

    internal Task StopAsync() => _app!.StopAsync();

    /// <summary>The application's run, which ends when it is stopped.</summary>
    internal Task EndedAsync() => _app!.WaitForShutdownAsync();

    internal string LakeFolder => _scratch["lake"];

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _scratch.Dispose();
    }
}
