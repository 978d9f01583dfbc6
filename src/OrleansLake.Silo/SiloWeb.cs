using OrleansLake.Client;
using OrleansLake.Hosting;
using OrleansLake.Server;

namespace OrleansLake.Silo;

/// <summary>The HTTP API in front of a silo's grains, which are those of the whole cluster.</summary>
internal static class SiloWeb
{
    /// <summary>Returns the settings with which it is served, without the lake.</summary>
    /// <exception cref="ServeSettingsException">The keys cannot be read.</exception>
    internal static ServeSettings SettingsOf(SiloSettings settings)
    {
        IReadOnlyList<LakeApiKey> keys = settings.HttpKeys is { } file ? ReadKeys(file) : [];
        return new ServeSettings
        {
            Urls = settings.HttpUrls,
            KeysFile = settings.HttpKeys,
            Configuration = settings.Others,
            UrlsSetting = "Http:Urls",
            KeysSetting = "Http:Keys",
            AllowedHostsSetting = null,
            LogLevel = LogLevel.Warning,
            AddServices = OtlpExport.AddConfigured,
            Configure = options =>
            {
                foreach (LakeApiKey key in keys)
                {
                    options.Keys.Add(key);
                }
            },
        };
    }

    /// <summary>Serves until it is to stop. Requests in flight are answered while the silo's grains still are there; clients that come while it leaves are asked to try again.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="lake">The lake.</param>
    /// <param name="started">Told where it listens.</param>
    /// <param name="outage">The reason why the lake cannot be served: see <see cref="ServeSettings.Outage"/>.</param>
    /// <param name="leave">Lets the silo leave the cluster.</param>
    /// <param name="stop">When it is to stop.</param>
    internal static Task RunAsync(SiloSettings settings, ILakeClient lake, Action<IReadOnlyCollection<string>> started, Func<bool, string?> outage, Func<Task> leave, CancellationToken stop)
    {
        return LakeWebServer.RunAsync(SettingsOf(settings) with { Lake = lake, Started = started, Outage = outage, Drained = leave }, stop);
    }

    private static IReadOnlyList<LakeApiKey> ReadKeys(string file)
    {
        try
        {
            return KeyFile.Read(file);
        }
        catch (ServeSettingsException e)
        {
            throw new ServeSettingsException($"Http:Keys: {e.Message}", e);
        }
    }
}
