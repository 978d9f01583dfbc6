using System.Net;

namespace OrleansLake.Server.Hosting;

/// <summary>Where a server listens, as far as safety depends on it.</summary>
internal static class ListenAddress
{
    /// <summary>Whether an address that a server listens on, as it tells it itself, can be reached from elsewhere.</summary>
    internal static bool IsBeyondLoopback(string address)
    {
        try
        {
            return !address.Contains("://unix:", StringComparison.Ordinal) && !address.Contains("://pipe:", StringComparison.Ordinal) && !IsLoopback(address);
        }
        catch (ServeSettingsException)
        {
            return true;
        }
    }

    /// <summary>Whether only this machine can reach the address.</summary>
    /// <exception cref="ServeSettingsException">It is no address to listen on.</exception>
    internal static bool IsLoopback(string url)
    {
        // http://*:5080 and http://+:5080 are no URIs, and mean every address.
        string text = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
        {
            throw new ServeSettingsException($"'{url}' is not an address to listen on; one looks like {ServeSettings.DefaultUrl}.");
        }

        return uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
