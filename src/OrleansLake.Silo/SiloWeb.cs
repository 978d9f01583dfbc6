using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Client.Orleans;
using OrleansLake.Server;

namespace OrleansLake.Silo;

/// <summary>The HTTP API in front of a silo's grains, which are those of the whole cluster.</summary>
internal static partial class SiloWeb
{
    /// <summary>Serves until the silo stops: requests in flight are answered while its grains still are there.</summary>
    internal static async Task RunAsync(IHost silo, SiloSettings settings)
    {
        IReadOnlyList<LakeApiKey> keys = settings.HttpKeys is { } file ? KeyFile.Read(file) : [];
        ILogger logger = silo.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansLake.Silo.Http");
        var limits = new LakeServerLimits();
        var web = new ServeSettings
        {
            Urls = settings.HttpUrls,
            Lake = new GrainLakeClient(silo.Services.GetRequiredService<IGrainFactory>(), TimeProvider.System, limits.DatesPerBodyMax),
            LogLevel = LogLevel.Warning,
            Started = urls => LogListening(logger, string.Join(", ", urls)),
            Configure = options =>
            {
                options.Limits = limits;
                foreach (LakeApiKey key in keys)
                {
                    options.Keys.Add(key);
                }
            },
        };
        using var stop = new CancellationTokenSource();
        Task serving = LakeWebServer.RunAsync(web, stop.Token);
        Task stopping = StoppingAsync(silo);
        await Task.WhenAny(serving, stopping);
        await stop.CancelAsync();
        await serving;
    }

    private static Task StoppingAsync(IHost silo)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.TrySetResult());
        return stopping.Task;
    }

    [LoggerMessage(1, LogLevel.Information, "the HTTP API listens on {Urls}")]
    private static partial void LogListening(ILogger logger, string urls);
}
