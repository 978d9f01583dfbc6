using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Server;
using OrleansLake.Server.Settings;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>A lake of its own, served by this process as <c>lake serve</c> does, at a free port.</summary>
internal sealed class ServedLake : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly WebApplication _app;

    private ServedLake(Action<LakeServerOptions>? configure)
    {
        _app = LakeWebServer.Build(new ServeSettings
        {
            Urls = ["http://127.0.0.1:0"],
            LogLevel = LogLevel.Error,
            Configure = options =>
            {
                options.Path = _folder["lake"];
                options.Trigger = TimeSpan.FromSeconds(1);
                configure?.Invoke(options);
            },
        });
        Http = new HttpClient();
    }

    /// <summary>Its address, with a slash at its end.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <summary>Gets the lake's folder.</summary>
    internal string Folder => _folder["lake"];

    internal string Dashboard => new Uri(Address, "dashboard/").ToString();

    internal HttpClient Http { get; }

    internal static async Task<ServedLake> StartAsync(Action<LakeServerOptions>? configure = null)
    {
        var lake = new ServedLake(configure);
        await lake._app.StartAsync();
        lake.Address = new Uri(lake._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        lake.Http.BaseAddress = lake.Address;
        return lake;
    }

    internal T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Sends messages and waits until reports show them; gives the position that does.</summary>
    internal Task<string> SendAsync(params IEnumerable<Message> messages) => SendAsync(Http, messages);

    internal static async Task<string> SendAsync(HttpClient http, IEnumerable<Message> messages)
    {
        using var content = new ByteArrayContent(TestMessages.Ndjson(messages));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using HttpResponseMessage response = await http.PostAsync(new Uri("v1/messages?wait=report", UriKind.Relative), content);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        using JsonDocument answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
