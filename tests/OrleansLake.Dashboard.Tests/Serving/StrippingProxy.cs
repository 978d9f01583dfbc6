using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>A proxy that shows a server below a prefix which that server knows nothing of.</summary>
internal sealed class StrippingProxy : IAsyncDisposable
{
    private static readonly string[] Hop = ["Transfer-Encoding", "Connection", "Keep-Alive"];

    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private StrippingProxy(string prefix, Uri server)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(async context =>
        {
            if (!context.Request.Path.StartsWithSegments(prefix, out PathString rest))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(server, rest.ToUriComponent() + context.Request.QueryString));
            foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
            {
                if (name != "Host")
                {
                    request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
                }
            }

            try
            {
                using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
                context.Response.StatusCode = (int)response.StatusCode;
                foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
                {
                    if (!Hop.Contains(name))
                    {
                        context.Response.Headers[name] = values.ToArray();
                    }
                }

                await using Stream body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
                byte[] buffer = new byte[64 * 1024];
                for (int read; (read = await body.ReadAsync(buffer, context.RequestAborted)) > 0;)
                {
                    await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
            {
                context.Abort();
            }
        });
    }

    internal Uri Address { get; private set; } = null!;

    internal static async Task<StrippingProxy> StartAsync(string prefix, Uri server)
    {
        var proxy = new StrippingProxy(prefix, server);
        await proxy._app.StartAsync();
        proxy.Address = new Uri(proxy._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }
}
