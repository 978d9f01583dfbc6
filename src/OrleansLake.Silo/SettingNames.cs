using OrleansLake.Core.Parsing;

namespace OrleansLake.Silo;

/// <summary>The names of a silo's settings, and the message about one that is not among them.</summary>
internal static class SettingNames
{
    /// <summary>Gets each setting with what it means, as in <c>--help</c> and docs/cluster.md.</summary>
    internal static IReadOnlyList<(string Name, string Help)> All { get; } =
    [
        ("Lake:Folder", "the lake's folder, under the same name on every silo (or LAKE_DIR)"),
        ("Lake:Store", "folder (default), or azure: a container of Azure Blob Storage"),
        ("Lake:ConnectionString", "azure: the storage account's connection string"),
        ("Lake:Container", "azure: the container (lake)"),
        ("Lake:Partitions", "of a lake that is created (16)"),
        ("Lake:TimeZone", "of a lake that is created (UTC)"),
        ("Lake:Deduplication", "MessageGrains (default) or KeyRanges"),
        ("Lake:Codec", "Snappy (default), Zstd, Lz4Raw, Gzip, Brotli or None, of the Parquet files"),
        ("Lake:TriggerMs", "how often silver and gold follow (5000)"),
        ("Cluster:Kind", "Localhost (default) or PostgreSql: where silos find each other"),
        ("Cluster:PostgreSql", "the connection string of the membership database"),
        ("Cluster:Id", "the cluster's name (lake)"),
        ("Cluster:PrimaryPort", "Localhost: the first silo's Silo:Port (11111)"),
        ("Cluster:ProbeMs", "how often silos probe each other (5000)"),
        ("Silo:Address", "the IP address that other silos reach this one by (its own; of a network interface where the host name is loopback)"),
        ("Silo:Port", "the port for other silos (11111)"),
        ("Silo:GatewayPort", "the port for Orleans clients (30000)"),
        ("Silo:WaitSeconds", "how long it waits at its start for what it needs (60)"),
        ("Http:Urls", "where the HTTP API listens, with ; between (nowhere)"),
        ("Http:Keys", "the file of keys, see lake key"),
    ];

    // Sections that are ours: whatever is in them is for us.
    private static readonly string[] Sections = ["Lake", "Cluster", "Silo", "Http"];

    // What the libraries below read, and may be given on the command line too.
    private static readonly string[] OtherSections = ["OrleansLake", "Logging", "Kestrel", "Orleans"];

    private static readonly string[] OtherNames = ["environment", "contentRoot", "applicationName", "LAKE_DIR"];

    /// <summary>Returns a line for each setting in our sections that is not known, wherever it comes from.</summary>
    internal static IEnumerable<string> Unknown(IConfiguration configuration) =>
        from section in Sections
        from entry in configuration.GetSection(section).AsEnumerable()
        where entry.Value is not null && entry.Key.Contains(':', StringComparison.Ordinal) && !IsKnown(entry.Key)
        select NotOne(entry.Key);

    /// <summary>Returns a line for each setting of Orleans itself, which would go before ours or be passed over.</summary>
    internal static IEnumerable<string> OfOrleans(IConfiguration configuration) =>
        from entry in configuration.GetSection("Orleans").AsEnumerable()
        where entry.Value is not null
        select $"{entry.Key} is not a setting of a silo: Orleans' options come from Cluster: and Silo: (--help lists all).";

    /// <summary>Returns a line for each section of ours that is given as one value, as in <c>{"Lake":"./a"}</c>. Of the environment
    /// it belongs to another program.</summary>
    internal static IEnumerable<string> Flat(IConfiguration configuration) => configuration is not IConfigurationRoot root ? [] :
        from section in Sections
        where root.Providers.Any(provider => provider is FileConfigurationProvider && provider.TryGet(section, out string? value) && value is not null)
        select $"{section} is a section and not a setting: give {All.First(setting => setting.Name.StartsWith(section + ":", StringComparison.Ordinal)).Name}, say, as {{\"{section}\": {{\"...\": \"...\"}}}} (--help lists all).";

    /// <summary>Returns a line for each section of a file whose name is nearly one of ours.</summary>
    internal static IEnumerable<string> MisspeltSections(IConfiguration configuration) => configuration is not IConfigurationRoot root ? [] :
        from provider in root.Providers.OfType<FileConfigurationProvider>()
        from name in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase)
        where !Sections.Concat(OtherSections).Contains(name, StringComparer.OrdinalIgnoreCase)
        let nearest = NearestName.Of(name, Sections)
        where nearest is not null
        select $"{name} is not a section of settings; the nearest is {nearest}, and --help lists all.";

    /// <summary>Returns names of the environment that count for <c>lake serve</c>, and not for a silo, with what does.</summary>
    internal static IEnumerable<(string Name, string Instead)> Unheeded(IConfiguration configuration) =>
        from pair in ((string Name, string Instead)[])[("LAKE_URLS", "Http:Urls"), ("LAKE_KEYS", "Http:Keys"), ("ASPNETCORE_URLS", "Http:Urls")]
        where configuration[pair.Name] is { Length: > 0 } && configuration[pair.Instead] is null
        select pair;

    /// <summary>
    /// Returns a line for each name of the environment that has one underscore where two are needed. In capitals alone it is somebody
    /// else's: Kubernetes announces its services to every container like that.
    /// </summary>
    internal static IEnumerable<string> Misnamed(IConfiguration configuration) =>
        from entry in configuration.GetChildren()
        where entry.Value is not null && entry.Key.Any(char.IsAsciiLetterLower)
        from setting in All
        where setting.Name.Replace(':', '_').Equals(entry.Key, StringComparison.OrdinalIgnoreCase)
        select $"{entry.Key} is not a setting; with two underscores it is {EnvironmentName(setting.Name)}.";

    /// <summary>Returns a line for each argument that says nothing, which the configuration would pass over.</summary>
    internal static IEnumerable<string> Unknown(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                yield return $"'{argument}' is not a setting; one looks like --Lake:Folder ./lake, and --help lists them.";
                continue;
            }

            string name = equals < 0 ? argument[2..] : argument[2..equals];
            if (equals < 0 && ++i >= arguments.Count)
            {
                yield return $"--{name} has no value; one looks like --Lake:Folder ./lake.";
            }
            else if (!IsKnown(name) && !IsOthers(name) && !Sections.Contains(SectionOf(name), StringComparer.OrdinalIgnoreCase))
            {
                // Those of our sections are reported with the other ones, of the environment.
                yield return NotOne(name);
            }
        }
    }

    private static bool IsKnown(string name) => All.Any(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsOthers(string name) =>
        OtherNames.Contains(name, StringComparer.OrdinalIgnoreCase) || OtherSections.Contains(SectionOf(name), StringComparer.OrdinalIgnoreCase);

    private static string? SectionOf(string name) => name.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon ? name[..colon] : null;

    private static string NotOne(string name)
    {
        string hint = NearestOf(name) is { } nearest ? $"the nearest is {nearest} (environment {EnvironmentName(nearest)}), and " : "";
        return $"{name} is not a setting; {hint}--help lists all.";
    }

    // With its section, without it, or the section alone.
    private static string? NearestOf(string name) =>
        NearestName.Of(name, All.Select(setting => setting.Name))
        ?? (NearestName.Of(name, All.Select(setting => LastOf(setting.Name))) is { } last ? All.First(setting => LastOf(setting.Name) == last).Name
            : All.FirstOrDefault(setting => setting.Name.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Name);

    private static string LastOf(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static string EnvironmentName(string name) => name.Replace(":", "__", StringComparison.Ordinal);
}
