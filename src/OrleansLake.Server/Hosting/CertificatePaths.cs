using OrleansLake.Storage.Stores;

namespace OrleansLake.Server.Hosting;

/// <summary>The files of certificates that Kestrel's settings name.</summary>
internal static class CertificatePaths
{
    /// <summary>
    /// Makes relative paths whole by the folder that the server is started from, as those of every other setting are. Kestrel looks
    /// beside the program only; what is there stays what it is.
    /// </summary>
    internal static void Resolve(ConfigurationManager configuration)
    {
        foreach ((string key, string? value) in configuration.GetSection("Kestrel").AsEnumerable())
        {
            if (value is { Length: > 0 } && (key.EndsWith(":Path", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":KeyPath", StringComparison.OrdinalIgnoreCase))
                && key.Contains("Certificate", StringComparison.OrdinalIgnoreCase) && !File.Exists(Path.Combine(AppContext.BaseDirectory, value)))
            {
                configuration[key] = SystemPath.Full(value);
            }
        }
    }
}
