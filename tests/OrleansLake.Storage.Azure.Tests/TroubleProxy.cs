using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansLake.Storage.Azure.Tests;

/// <summary>A proxy between a store and its server that decides what becomes of every request.</summary>
internal sealed class TroubleProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _server = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly int _serverPort;

    private TroubleProxy(WebApplication app, int serverPort)
    {
        _app = app;
        _serverPort = serverPort;
    }

    /// <summary>Gets or sets what becomes of a request; nothing goes wrong if null.</summary>
    internal Func<HttpRequest, Trouble>? Decide { get; set; }

    internal int Port { get; private set; }

    /// <summary>Gets the number of requests that went wrong.</summary>
    internal int Count => _count;

    private int _count;

    internal static async Task<TroubleProxy> StartAsync(int serverPort)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var proxy = new TroubleProxy(builder.Build(), serverPort);
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync();
        string address = proxy._app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        proxy.Port = new Uri(address).Port;
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        Trouble trouble = Decide?.Invoke(context.Request) ?? Trouble.None;
        if (trouble != Trouble.None)
        {
            Interlocked.Increment(ref _count);
        }

        if (trouble == Trouble.Busy)
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["x-ms-error-code"] = "ServerBusy";
            return;
        }

        if (trouble == Trouble.LostRequest)
        {
            context.Abort();
            return;
        }

        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"http://127.0.0.1:{_serverPort}{target}");
            if (context.Request.ContentLength is not null)
            {
                request.Content = new ByteArrayContent(body.ToArray());
            }

            foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
            {
                if (name is not ("Host" or "Connection") && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                {
                    request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
                }
            }

            using HttpResponseMessage response = await _server.SendAsync(request);
            byte[] answer = await response.Content.ReadAsByteArrayAsync();
            if (trouble == Trouble.LostAnswer)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = (int)response.StatusCode;
            foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
            {
                if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))
                {
                    context.Response.Headers[name] = values.ToArray();
                }
            }

            if (context.Request.Method != "HEAD" && answer.Length > 0)
            {
                await context.Response.Body.WriteAsync(answer);
            }
        }
        catch (HttpRequestException)
        {
            context.Abort();
        }
    }
}
