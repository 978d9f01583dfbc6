using System.ComponentModel;
using System.Reflection;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Silo;

/// <summary>The names of a silo's settings, and the message about one that is not among them.</summary>
internal static class SettingNames
{
    private const string Root = "OrleansLake";

    /// <summary>Gets the sections of the settings.</summary>
    internal static string[] Sections { get; } = [.. typeof(SiloSettings).GetProperties().Select(static section => section.Name)];

    /// <summary>Gets each setting with what it means, as in <c>--help</c> and docs/cluster.md.</summary>
    internal static IReadOnlyList<(string Name, string Help)> All { get; } =
    [
        .. from section in typeof(SiloSettings).GetProperties()
           from setting in section.PropertyType.GetProperties()
           select ($"{section.Name}:{setting.Name}", setting.GetCustomAttribute<DescriptionAttribute>()!.Description),
    ];

    // What the libraries below read, and may be given on the command line too.
    private static readonly string[] OtherSections = [Root, "Logging", "Kestrel", "Orleans"];

    private static readonly string[] OtherNames = ["environment", "contentRoot", "applicationName", "LAKE_DIR"];

    /// <summary>Returns a line for each name that is not one of a setting, but was to be.</summary>
    internal static IEnumerable<string> Problems(IConfiguration configuration, IReadOnlyList<string> arguments) =>
        [.. Unknown(arguments), .. OfOrleans(configuration), .. MisspeltSections(configuration), .. Misnamed(configuration), .. configuration["LAKE_DIR"] is "" ? ["LAKE_DIR is empty: give a value, or leave it out."] : (string[])[]];

    /// <summary>
    /// Returns the settings of a silo by their short names (<c>Lake:Folder</c>), from the section <c>OrleansLake</c> or without it. Adds a line
    /// for each that is not known, and each that is given twice and differs.
    /// </summary>
    internal static IConfiguration Own(IConfiguration configuration, List<string> problems)
    {
        var own = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in Sections.SelectMany(section => configuration.GetSection($"{Root}:{section}").AsEnumerable().Select(static entry => (entry.Key[(Root.Length + 1)..], entry.Value))
            .Concat(configuration.GetSection(section).AsEnumerable().Where(entry => entry.Key.Contains(':', StringComparison.Ordinal) || IsInFile(configuration, section)).Select(static entry => (entry.Key, entry.Value)))))
        {
            if (value is null)
            {
                continue;
            }

            if (key.Contains(':', StringComparison.Ordinal) && !IsKnown(key))
            {
                problems.Add(NotOne(key));
            }
            else if (!own.TryAdd(key, value) && own[key] != value)
            {
                problems.Add($"{key} and {Root}:{key} are both given, and differ: leave one of them out.");
            }
        }

        return new ConfigurationBuilder().AddInMemoryCollection(own).Build();
    }

    /// <summary>Returns a line for each setting of Orleans itself, which would go before ours or be passed over.</summary>
    private static IEnumerable<string> OfOrleans(IConfiguration configuration) =>
        from entry in configuration.GetSection("Orleans").AsEnumerable()
        where entry.Value is not null
        select $"{entry.Key} is not a setting of a silo: Orleans' options come from Cluster: and Silo: (--help lists all).";

    /// <summary>Returns a line for each section of a file whose name is nearly one of ours.</summary>
    private static IEnumerable<string> MisspeltSections(IConfiguration configuration) => configuration is not IConfigurationRoot root ? [] :
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
    private static IEnumerable<string> Misnamed(IConfiguration configuration) =>
        from entry in configuration.GetChildren()
        where entry.Value is not null && entry.Key.Any(char.IsAsciiLetterLower)
        from setting in All
        where setting.Name.Replace(':', '_').Equals(entry.Key, StringComparison.OrdinalIgnoreCase)
        select $"{entry.Key} is not a setting; with two underscores it is {EnvironmentName(setting.Name)}.";

    /// <summary>Returns a line for each argument that says nothing, which the configuration would pass over.</summary>
    private static IEnumerable<string> Unknown(IReadOnlyList<string> arguments)
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

    // As in {"Lake":"./a"}. In the environment a name such as LAKE is another program's.
    private static bool IsInFile(IConfiguration configuration, string section) =>
        configuration is IConfigurationRoot root && root.Providers.Any(provider => provider is FileConfigurationProvider && provider.TryGet(section, out string? value) && value is not null);

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
