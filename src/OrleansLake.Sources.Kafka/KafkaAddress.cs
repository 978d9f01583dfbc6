using System.Globalization;

namespace OrleansLake.Sources.Kafka;

/// <summary>An address of something in a Kafka cluster, <c>kafka://host:9092,host:9092/path?name=value</c>, and settings of librdkafka.</summary>
internal sealed class KafkaAddress
{
    private const string Scheme = "kafka://";
    private const int DefaultPort = 9092;

    private readonly Func<string, string?> _whoSets;

    private KafkaAddress(IReadOnlyList<string> brokers, string path, IReadOnlyDictionary<string, string> parameters, Func<string, string?> whoSets)
    {
        _whoSets = whoSets;
        Brokers = brokers;
        Path = path;
        Parameters = parameters.Where(static one => !IsSetting(one.Key)).ToDictionary();
        Settings = parameters.Where(static one => IsSetting(one.Key)).ToDictionary();
    }

    /// <summary>Gets the brokers that are asked first, each with its port.</summary>
    internal IReadOnlyList<string> Brokers { get; }

    /// <summary>Gets what comes behind the brokers, as it is written.</summary>
    internal string Path { get; }

    /// <summary>Gets the parameters.</summary>
    internal IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>Gets settings of librdkafka from the address.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Reads an address; what is returned says what is wrong, without repeating what may be a password.</summary>
    /// <param name="text">The address.</param>
    /// <param name="example">One that is right.</param>
    /// <param name="parameters">The parameters that it may have, beside settings of librdkafka.</param>
    /// <param name="whoSets">Returns, of a setting that cannot be given, who decides it; null of others.</param>
    /// <param name="address">Gets what was read.</param>
    internal static string? Read(string? text, string example, string[] parameters, Func<string, string?> whoSets, out KafkaAddress? address)
    {
        address = null;
        if (text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return $"expected an address such as {example}";
        }

        string rest = text[Scheme.Length..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string hosts = slash < 0 ? rest : rest[..slash];
        if (hosts.Contains('@', StringComparison.Ordinal))
        {
            return "a user and a password are settings of librdkafka (sasl.username, sasl.password): write them into a file, a name=value on each line, and name it by config=FILE";
        }

        if (hosts.Length == 0)
        {
            return $"an address names a broker: {example}";
        }

        var brokers = new List<string>();
        foreach (string host in hosts.Split(','))
        {
            if (!Uri.TryCreate($"tcp://{host}", UriKind.Absolute, out Uri? broker) || broker.Host.Length == 0 || broker.AbsolutePath != "/")
            {
                return $"'{host}' is not a broker's host:port";
            }

            brokers.Add(string.Create(CultureInfo.InvariantCulture, $"{(broker.HostNameType == UriHostNameType.IPv6 ? $"[{broker.DnsSafeHost}]" : broker.Host)}:{(broker.Port > 0 ? broker.Port : DefaultPort)}"));
        }

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (ParametersFault(query, parameters, whoSets, given) is { } fault)
        {
            return fault;
        }

        address = new KafkaAddress(brokers, slash < 0 ? "" : rest[(slash + 1)..], given, whoSets);
        return null;
    }

    /// <summary>Reads the settings of the file that <c>config</c> names and of the address, those of the address first.</summary>
    /// <exception cref="FormatException">A line of the file cannot be read, or is one that is decided here.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    internal Dictionary<string, string> ReadSettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Parameters.GetValueOrDefault("config") is { } path)
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                string setting = line.Trim();
                if (setting.Length == 0 || setting[0] is '#' or '!')
                {
                    continue;
                }

                int equals = setting.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new FormatException($"line {number} of {path} is not name=value");
                }

                string name = setting[..equals].Trim();
                if (_whoSets(name) is { } who)
                {
                    throw new FormatException($"line {number} of {path} sets {name}, {who}");
                }

                settings[name] = setting[(equals + 1)..].Trim();
            }
        }

        foreach ((string name, string value) in Settings)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>Returns what is wrong with a topic's name; null if nothing is.</summary>
    internal static string? NameFault(string name) => name.Length is > 0 and <= 249 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? null
        : $"'{name}' is not a topic's name: 1 to 249 of a to z, A to Z, 0 to 9, '.', '_' and '-'";

    private static bool IsSetting(string name) => name.Contains('.', StringComparison.Ordinal);

    private static string? ParametersFault(string query, string[] parameters, Func<string, string?> whoSets, Dictionary<string, string> given)
    {
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            if (!given.TryAdd(name, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..])))
            {
                return $"{name}= occurs twice";
            }

            if (!IsSetting(name) && !parameters.Contains(name, StringComparer.Ordinal))
            {
                return $"there is no parameter '{name}'; there are {string.Join(", ", parameters)}, and librdkafka's settings by their names, such as security.protocol=SSL";
            }

            if (whoSets(name) is { } who)
            {
                return $"{name}= cannot be set, {who}";
            }

            if (IsSetting(name) && (name.Contains("password", StringComparison.Ordinal) || name.Contains("secret", StringComparison.Ordinal) || name.EndsWith(".pem", StringComparison.Ordinal)))
            {
                return $"{name}= is a secret, which others see on a command line: write it into a file, a name=value on each line, and name that by config=FILE";
            }
        }

        return given.FirstOrDefault(static one => one.Value.Length == 0).Key is { } empty ? $"{empty}= is empty: leave it out, or give it a value" : null;
    }
}
