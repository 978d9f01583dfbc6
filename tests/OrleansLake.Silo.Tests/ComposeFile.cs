using System.Text.RegularExpressions;
using OrleansLake.TestSupport;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansLake.Silo.Tests;

/// <summary>docker-compose.yml as a container engine would read it: the settings of its services.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _services;
    private readonly IReadOnlyDictionary<string, string> _variables;

    private ComposeFile(Dictionary<object, object> services, IReadOnlyDictionary<string, string> variables)
    {
        _services = services;
        _variables = variables;
    }

    internal IEnumerable<string> Services => _services.Keys.Cast<string>();

    internal static ComposeFile Read(IReadOnlyDictionary<string, string> variables)
    {
        using StreamReader text = File.OpenText(Path.Combine(Fixtures.Root, "docker-compose.yml"));
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(text)))!;
        return new ComposeFile((Dictionary<object, object>)root["services"], variables);
    }

    /// <summary>Returns the number of containers of a service.</summary>
    internal int ScaleOf(string service) => Of(service).TryGetValue("scale", out object? scale) ? int.Parse((string)scale, System.Globalization.CultureInfo.InvariantCulture) : 1;

    /// <summary>Returns the time that a service has to stop, in seconds.</summary>
    internal int GraceSecondsOf(string service) => int.Parse(((string)Of(service)["stop_grace_period"]).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A service's command line.</summary>
    internal string[] CommandOf(string service) => ((string)Of(service)["command"]).Split(' ');

    /// <summary>A service's environment, its variables replaced.</summary>
    internal Dictionary<string, string> EnvironmentOf(string service) =>
        ((Dictionary<object, object>)Of(service)["environment"]).ToDictionary(pair => (string)pair.Key, pair => Replace((string)pair.Value));

    private Dictionary<object, object> Of(string service) => (Dictionary<object, object>)_services[service];

    // ${NAME}, ${NAME:-otherwise}, ${NAME:?message}
    private string Replace(string text) => Variable().Replace(text, match =>
        _variables.TryGetValue(match.Groups["name"].Value, out string? value) ? value
        : match.Groups["otherwise"].Success ? match.Groups["otherwise"].Value
        : throw new InvalidOperationException($"{match.Value} is not set"));

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(:-(?<otherwise>[^}]*)|:\?[^}]*)?\}")]
    private static partial Regex Variable();
}
