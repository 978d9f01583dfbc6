using OrleansLake.Hosting;
using OrleansLake.Server;
using OrleansLake.Server.Settings;

namespace OrleansLake.Silo;

/// <summary>The HTTP API in front of a silo's grains, which are those of the whole cluster.</summary>
internal static class SiloWeb
{
    /// <summary>Returns the settings with which it is served, without the lake.</summary>
    /// <exception cref="ServeSettingsException">The keys cannot be read.</exception>
    internal static ServeSettings SettingsOf(SiloSettings settings)
    {
        IReadOnlyList<LakeApiKey> keys = settings.Http.Keys is { } file ? ReadKeys(file) : [];
        return new ServeSettings
        {
            OwnsLake = false,
            OtherSections = SettingNames.Sections,
            Urls = settings.Http.Addresses,
            KeysFile = settings.Http.Keys,
            Configuration = settings.Configuration,
            UrlsSetting = "Http:Urls",
            KeysSetting = "Http:Keys",
            AllowedHostsSetting = null,
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

    /// <summary>Returns the settings with which health and metrics are served.</summary>
    internal static ServeSettings HealthOf(SiloSettings settings) => new()
    {
        Urls = settings.Health.Addresses,
        Configuration = settings.Configuration,
        UrlsSetting = "Health:Urls",
        Configure = static _ => { },
    };

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
