using Microsoft.AspNetCore.Builder;
using OrleansLake.Server;
using OrleansLake.Server.Endpoints;
using OrleansLake.Server.Hosting;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Settings;

namespace OrleansLake.Silo;

/// <summary>
/// Serves a silo's health and metrics at addresses of their own, from before it joins until after it has left. They show no data, so no key is
/// asked for; the API's routes are in another web server.
/// </summary>
internal sealed class HealthServer(IServiceProvider silo, IHostApplicationLifetime lifetime, SiloSettings settings, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        ServeSettings serve = SiloWeb.HealthOf(settings);
        _app = WebListening.BuildPlain(serve, WebListening.CheckUrls(serve));
        _app.Use((context, next) =>
        {
            context.RequestServices = silo;
            return next(context);
        });
        _app.MapMethods("/alive", OrleansLakeRoutes.Reads, HealthEndpoints.AliveAsync);
        _app.MapMethods("/health", OrleansLakeRoutes.Reads, context =>
            lifetime.ApplicationStarted.IsCancellationRequested ? HealthEndpoints.HealthAsync(context) : HealthEndpoints.WriteAsync(context, "starting", isUp: false));
        _app.MapMethods("/metrics", OrleansLakeRoutes.Reads, context => HealthEndpoints.WriteMetricsAsync(context, context.RequestServices.GetRequiredService<LakeServer>()));
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw ListenFailure.Of(e, serve);
        }

        SiloNews.LogHealth(loggers.CreateLogger(SiloNews.Category), string.Join(", ", _app.Urls));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
