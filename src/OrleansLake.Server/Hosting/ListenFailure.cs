using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Hosting;

/// <summary>Describes what keeps a server from listening, for those who set its address.</summary>
internal static class ListenFailure
{
    /// <summary>Returns the setting to change; a failure that names one itself as it is.</summary>
    internal static ServeSettingsException Of(Exception failure, ServeSettings settings)
    {
        if (failure is ServeSettingsException explained)
        {
            return explained;
        }

        string urls = Array.Find([.. settings.Urls], url => failure.Message.Contains(url.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) ?? string.Join(", ", settings.Urls);
        bool isHttps = settings.Urls.Any(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        string? problem = failure switch
        {
            IOException { InnerException: AddressInUseException } => "is in use by another program",
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "is in use by another program",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "is not an address of this machine",
            SocketException { SocketErrorCode: SocketError.AccessDenied } => "is not for this user to listen on (a port below 1024?)",
            SocketException e => $"cannot be listened on ({e.Message})",
            _ => null,
        };
        if (problem is not null)
        {
            return new ServeSettingsException($"{urls} {problem}; name another address with {settings.UrlsSetting}.", failure);
        }

        if (!isHttps && failure is CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // The web server reads it whether it is needed or not.
            return new ServeSettingsException(
                $"The certificate cannot be used ({Reason(failure.Message)}): name another by Kestrel__Certificates__Default__Path and __Password or __KeyPath in the environment, or leave them out, as {urls} needs none.", failure);
        }

        return isHttps && failure is InvalidOperationException or NotSupportedException or CryptographicException or IOException or UnauthorizedAccessException
            ? new ServeSettingsException(
                $"{SecureOf(settings)} needs a certificate{(failure is CryptographicException ? "; the one that is named cannot be used: it is not a PFX or PEM file, its key is missing, or its password is another" : "")} ({Reason(failure.Message)}): name a file by Kestrel__Certificates__Default__Path and __Password or __KeyPath in the environment, or listen on http ({settings.UrlsSetting}).", failure)
            : new ServeSettingsException($"{urls} cannot be listened on ({Reason(failure.Message)}); name another address with {settings.UrlsSetting}.", failure);
    }

    private static string SecureOf(ServeSettings settings) => string.Join(", ", settings.Urls.Where(static url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)));

    // Of a missing certificate the second sentence says it.
    private static string Reason(string text)
    {
        string[] sentences = text.ReplaceLineEndings(" ").Split(". ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (Array.Find(sentences, sentence => sentence.Contains("certificate", StringComparison.OrdinalIgnoreCase)) ?? sentences[0]).TrimEnd('.', ' ');
    }
}
