using System.Text.Json;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Hosting;

/// <summary>
/// Settings of .NET's web applications that a user may take for ours: a server of its own has options and an environment of
/// its own. Each that contradicts what holds is reported in a line.
/// </summary>
internal static class UnreadSettings
{
    private const string ImagePort = "8080";

    private static readonly string[] UrlNames = ["ASPNETCORE_URLS", "DOTNET_URLS", "URLS"];
    private static readonly string[] PortNames = ["ASPNETCORE_HTTP_PORTS", "DOTNET_HTTP_PORTS", "HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_HTTPS_PORTS", "HTTPS_PORTS"];
    private static readonly string[] Sections = ["OrleansLake", "Kestrel", "Urls", "AllowedHosts"];
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Returns a line that the environment names another folder than the one that is taken; null if it does not.</summary>
    /// <param name="lake">The folder that --lake or LAKE_DIR names; null if neither is given.</param>
    /// <param name="environment">Gets a variable.</param>
    public static string? PathOf(string? lake, Func<string, string?> environment) =>
        lake is not null && environment("OrleansLake__Path") is { Length: > 0 } other && SystemPath.Full(other) != SystemPath.Full(lake)
            ? $"OrleansLake__Path is {other}, but the lake is {lake}, as --lake or LAKE_DIR says." : null;

    /// <summary>Returns the lines, for a server that listens on these addresses, started in this folder.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> urls, string folder, Func<string, string?> environment)
    {
        string listens = $"it listens on {string.Join(';', urls)}, as --urls or LAKE_URLS says";
        foreach (string name in UrlNames)
        {
            if (environment(name) is { Length: > 0 } value && Parts(value).Except(urls.Select(Plain), StringComparer.OrdinalIgnoreCase).Any())
            {
                yield return $"{name} is {value}, which `lake serve` does not read: {listens}.";
            }
        }

        foreach (string name in PortNames)
        {
            // The images of .NET set this one themselves: no user asked for it.
            bool isOfImage = name == "ASPNETCORE_HTTP_PORTS" && environment(name) == ImagePort && environment("DOTNET_RUNNING_IN_CONTAINER") is { Length: > 0 };
            if (!isOfImage && environment(name) is { Length: > 0 } value && Parts(value).Any(port => !urls.Any(url => Plain(url).EndsWith($":{port}", StringComparison.Ordinal))))
            {
                yield return $"{name} is {value}, which `lake serve` does not read: {listens}.";
            }
        }

        foreach (string file in Files(environment))
        {
            string[] found = SectionsOf(Path.Combine(folder, file));
            if (found.Length > 0)
            {
                yield return $"{file} in this folder has {string.Join(", ", found)}, but `lake serve` reads its options and the environment only (such as OrleansLake__Path).";
            }
        }
    }

    private static IEnumerable<string> Files(Func<string, string?> environment) =>
        ["appsettings.json", $"appsettings.{environment("ASPNETCORE_ENVIRONMENT") ?? environment("DOTNET_ENVIRONMENT") ?? "Production"}.json"];

    private static IEnumerable<string> Parts(string value) => value.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Plain);

    private static string Plain(string url) => url.TrimEnd('/');

    // A file that cannot be read configures nobody.
    private static string[] SectionsOf(string path)
    {
        // Most folders have none, and an exception is costly at each start.
        if (!File.Exists(path) || FileIdentity.Of(path) is { IsSpecial: true })
        {
            return [];
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument json = JsonDocument.Parse(file, Lenient);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Where(IsMeant).Select(static section => section.Name)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    // That every host is allowed is what the template of an application says.
    private static bool IsMeant(JsonProperty section) => Sections.Contains(section.Name.Split(':')[0], StringComparer.OrdinalIgnoreCase)
        && !(section.NameEquals("AllowedHosts") && section.Value is { ValueKind: JsonValueKind.String } hosts && hosts.GetString() == "*");
}
