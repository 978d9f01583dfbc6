using System.Globalization;

namespace OrleansLake.Server;

/// <summary>
/// The file with a server's embed keys: a line each of id and secret; empty lines and those that begin with <c>#</c> are
/// left out. It holds secrets: it is made so that only its owner can read it.
/// </summary>
public static class EmbedKeyFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ServeSettingsException">It cannot be read, or a line is no key.</exception>
    public static IReadOnlyList<EmbedKey> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServeSettingsException($"The embed keys cannot be read: {e.Message}", e);
        }

        var keys = new List<EmbedKey>();
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#'))
            {
                continue;
            }

            EmbedKey? key = parts.Length == 2 ? new EmbedKey(parts[0], parts[1]) : null;
            if (key is null || !key.IsUsable || keys.Exists(known => known.Id == key.Id))
            {
                // The line itself may hold a secret: it is not shown.
                throw new ServeSettingsException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, line {i + 1}: an id that stands once, and a secret of at least {EmbedKey.SecretBytesMin} bytes as base64url are expected, as `lake embed-key` writes them."));
            }

            keys.Add(key);
        }

        return keys.Count > 0 ? keys : throw new ServeSettingsException($"{path} holds no embed key; `lake embed-key ID --embed-keys {path}` adds one.");
    }

    /// <summary>Adds a key to a file, which is made if there is none.</summary>
    public static void Add(string path, EmbedKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write($"{key.Id} {key.Secret}\n");
    }
}
