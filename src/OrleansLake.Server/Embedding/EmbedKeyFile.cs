using System.Globalization;
using OrleansLake.Core.Parsing;
using OrleansLake.Server.Security;

namespace OrleansLake.Server;

/// <summary>
/// The file with a server's embed keys: a line each of id and secret; empty lines and those that begin with <c>#</c> are
/// left out. It holds secrets: it is created so that only its owner can read it.
/// </summary>
public static class EmbedKeyFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ServeSettingsException">It cannot be read, or a line is not a key.</exception>
    public static IReadOnlyList<EmbedKey> Read(string path)
    {
        var keys = new List<EmbedKey>();
        var problems = new List<ServeSettingsException>();
        foreach ((int number, string[] parts) in KeyLines.Read(path, "embed keys"))
        {
            EmbedKey? key = parts.Length == 2 ? new EmbedKey(parts[0], parts[1]) : null;
            if (key is null || !key.IsUsable || keys.Exists(known => known.Id.Equals(key.Id, StringComparison.OrdinalIgnoreCase)))
            {
                // The line itself may hold a secret: it is not shown.
                problems.Add(new ServeSettingsException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, line {number}: an id that occurs once, and a secret of at least {EmbedKey.SecretBytesMin} bytes as base64url are expected, as `lake embed-key` writes them.")));
                continue;
            }

            keys.Add(key);
        }

        ServeSettingsException.ThrowIfAny(problems);
        return keys.Count > 0 ? keys : throw new ServeSettingsException($"{path} holds no embed key; `lake embed-key ID --embed-keys {ShownText.InShell(path)}` adds one.");
    }

    /// <summary>Adds a key to a file, which is made if there is none.</summary>
    /// <exception cref="ServeSettingsException">A key of that id is there.</exception>
    public static void Add(string path, EmbedKey key) => Add(path, key, null);

    /// <summary>Adds a key to a file, and shows it to the one it is for; one that cannot be shown is not kept.</summary>
    internal static void Add(string path, EmbedKey key, Action? show)
    {
        ArgumentNullException.ThrowIfNull(key);
        KeyLines.Add(path, "embed keys", key.Id, $"{key.Id} {key.Secret}", isSecret: true, show);
    }
}
