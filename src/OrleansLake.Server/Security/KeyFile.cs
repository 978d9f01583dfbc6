using System.Globalization;

namespace OrleansLake.Server;

/// <summary>
/// The file with a server's keys: a line each of name, scopes with commas between, and the SHA-256 of the key; empty
/// lines and those that begin with <c>#</c> are left out. It holds no secret.
/// </summary>
public static class KeyFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ServeSettingsException">It cannot be read, or a line is no key.</exception>
    public static IReadOnlyList<LakeApiKey> Read(string path)
    {
        var keys = new List<LakeApiKey>();
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 3 || !TryScopes(parts[1], out LakeScopes scopes) || parts[2].Length != 64 || !parts[2].All(char.IsAsciiHexDigit))
            {
                throw new ServeSettingsException(string.Create(
                    CultureInfo.InvariantCulture, $"{path}, line {number}: a name, scopes (ingest,read,admin) and the SHA-256 of a key are expected, as `lake key` writes them."));
            }

            keys.Add(new LakeApiKey(parts[0], scopes, parts[2]));
        }

        return keys.Count > 0 ? keys : throw new ServeSettingsException($"{path} holds no key; `lake key NAME --keys {path}` adds one.");
    }

    /// <summary>Adds a key to a file, which is made if there is none.</summary>
    public static void Add(string path, LakeApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string scopes = key.Scopes.ToString().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        scopes = key.Scopes == LakeScopes.All ? "ingest,read,admin" : scopes;
        File.AppendAllText(path, $"{key.Name} {scopes} {key.Sha256}\n");
    }

    private static string[] Lines(string path)
    {
        try
        {
            return [.. File.ReadAllLines(path).Select(line => line.Trim())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServeSettingsException($"The keys cannot be read: {e.Message}", e);
        }
    }

    private static bool TryScopes(string text, out LakeScopes scopes)
    {
        scopes = LakeScopes.None;
        foreach (string one in text.Split(','))
        {
            LakeScopes scope = one switch
            {
                "ingest" => LakeScopes.Ingest,
                "read" => LakeScopes.Read,
                "admin" => LakeScopes.Admin,
                _ => LakeScopes.None,
            };
            if (scope == LakeScopes.None)
            {
                return false;
            }

            scopes |= scope;
        }

        return true;
    }
}
