namespace OrleansLake.Server.Connectors;

/// <summary>Reads the addresses of sources, or of sinks, that settings name.</summary>
internal static class ConnectorAddresses
{
    /// <summary>Returns what is wrong with an address, as far as it says; null if nothing is.</summary>
    /// <typeparam name="T">What it is the address of.</typeparam>
    /// <param name="services">Services with the kinds that there are.</param>
    /// <param name="address">The address.</param>
    /// <param name="setting">The setting's name, with its number.</param>
    /// <param name="words">The words for it.</param>
    internal static string? FaultOf<T>(IServiceCollection services, string address, string setting, ConnectorWords words)
    {
        try
        {
            _ = Parse(address, setting, KindsIn<T>(services), words);
            return null;
        }
        catch (ServeSettingsException e)
        {
            return e.Message;
        }
    }

    /// <summary>Returns whether what an address names is placed as a connector is; false if the package of its kind looks after it itself.</summary>
    /// <typeparam name="T">What it is the address of.</typeparam>
    /// <param name="services">Services with the kinds that there are.</param>
    /// <param name="address">The address.</param>
    /// <param name="words">The words for it.</param>
    /// <exception cref="ServeSettingsException">It is not an address of a kind that there is.</exception>
    internal static bool IsPlaced<T>(IServiceCollection services, string address, ConnectorWords words) => Parse(address, words.Setting, KindsIn<T>(services), words) is not null;

    /// <summary>Returns what makes the connector of an address; null if the package of its kind looks after it itself.</summary>
    /// <typeparam name="T">What it is the address of.</typeparam>
    /// <param name="address">The address.</param>
    /// <param name="setting">The setting's name, with its number: what is wrong begins with it.</param>
    /// <param name="kinds">The kinds that there are.</param>
    /// <param name="words">The words for it.</param>
    /// <exception cref="ServeSettingsException">No package of the application has such ones, or it is not an address of its kind.</exception>
    internal static Func<IServiceProvider, T>? Parse<T>(string address, string setting, IReadOnlyList<ConnectorKind<T>> kinds, ConnectorWords words)
    {
        if (kinds.FirstOrDefault(one => one.Takes(address)) is { } kind)
        {
            try
            {
                return kind.Parse(address);
            }
            catch (ServeSettingsException e)
            {
                throw new ServeSettingsException($"{setting}: {e.Message}", e);
            }
        }

        // What comes before :// alone: what follows may hold a password.
        string begin = address.IndexOf("://", StringComparison.Ordinal) is > 0 and int end ? $"begins with {address[..end]}://" : "is not an address";
        string known = string.Join(" or ", kinds.SelectMany(static one => one.Schemes).Select(static scheme => $"{scheme}://"));
        throw new ServeSettingsException($"{setting} {begin}, and a {words.Noun} of this application begins with {(known.Length > 0 ? known : $"nothing yet: add {words.Methods} of their packages")}.");
    }

    private static ConnectorKind<T>[] KindsIn<T>(IServiceCollection services) => [.. services.Select(static one => one.ImplementationInstance).OfType<ConnectorKind<T>>()];
}
