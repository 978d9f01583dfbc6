using System.Globalization;
using OrleansLake.Client.Settings;
using OrleansLake.Core.Parsing;
using OrleansLake.Server.Security;

namespace OrleansLake.Server;

/// <summary>
/// The file with a server's keys: a line each of name, scopes with commas between, and the SHA-256 of the key; empty
/// lines and those that begin with <c>#</c> are left out. It holds no secret.
/// </summary>
public static class KeyFile
{
    private static readonly string[] Parts = [nameof(LakeApiKey.Name), nameof(LakeApiKey.Scopes), nameof(LakeApiKey.Sha256)];

    /// <summary>Reads a file.</summary>
    /// <exception cref="ServeSettingsException">It cannot be read, or a line is not a key.</exception>
    public static IReadOnlyList<LakeApiKey> Read(string path)
    {
        var keys = new List<LakeApiKey>();
        var problems = new List<ServeSettingsException>();
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach ((int number, string[] parts) in KeyLines.Read(path, "keys"))
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}");
            int before = problems.Count;
            if (Read(parts, line, number, lines, problems) is { } key && problems.Count == before)
            {
                keys.Add(key);
            }
        }

        ServeSettingsException.ThrowIfAny(problems);
        return keys.Count > 0 ? keys : throw new ServeSettingsException($"{path} holds no key; `lake key NAME --keys {ShownText.InShell(path)}` adds one.");
    }

    // What is wrong with each of its words is reported.
    private static LakeApiKey? Read(string[] parts, string line, int number, Dictionary<string, int> lines, List<ServeSettingsException> problems)
    {
        if (parts.Length != Parts.Length)
        {
            problems.Add(new ServeSettingsException($"{line}: a name, scopes (ingest,read,admin) and the SHA-256 of a key are expected, with blanks between, as `lake key` writes them."));
            return null;
        }

        SettingMember[] members = SettingMember.Of(typeof(LakeApiKey));
        var values = new object?[Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            SettingMember member = members.First(one => one.Name == Parts[i]);
            if (!SettingText.TryRead(parts[i], member.Type, out object? value) || SettingProblems.Of(member, value, "") is not null)
            {
                problems.Add(new ServeSettingsException(SettingProblems.Wrong(member, parts[i], $"{line}: {member.Name}") + "."));
                continue;
            }

            values[i] = value;
            if (member.IsUnique && !lines.TryAdd($"{member.Name} {parts[i]}", number))
            {
                problems.Add(new ServeSettingsException(string.Create(
                    CultureInfo.InvariantCulture, $"{line}: {member.Name} {SettingText.Shown(parts[i], member.IsSecret)}, as in line {lines[$"{member.Name} {parts[i]}"]}; each may occur once.")));
            }
        }

        return Array.Exists(values, static value => value is null) ? null : new LakeApiKey((string)values[0]!, (LakeScopes)values[1]!, (string)values[2]!);
    }

    /// <summary>Adds a key to a file, which is made if there is none.</summary>
    /// <exception cref="ServeSettingsException">A key of that name is there.</exception>
    public static void Add(string path, LakeApiKey key) => Add(path, key, null);

    /// <summary>Adds a key to a file, and shows it to the one it is for; one that cannot be shown is not kept.</summary>
    internal static void Add(string path, LakeApiKey key, Action? show)
    {
        ArgumentNullException.ThrowIfNull(key);
        string scopes = key.Scopes.ToString().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        scopes = key.Scopes == LakeScopes.All ? "ingest,read,admin" : scopes;
        KeyLines.Add(path, "keys", key.Name, $"{key.Name} {scopes} {key.Sha256}", isSecret: false, show);
    }
}
