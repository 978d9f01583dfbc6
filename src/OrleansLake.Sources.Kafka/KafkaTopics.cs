using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansLake.Core.Mapping;

namespace OrleansLake.Sources.Kafka;

/// <summary>Topics of a Kafka cluster that are read, and how its brokers are reached.</summary>
/// <remarks>Its text never holds a password.</remarks>
public sealed class KafkaTopics
{
    private const string Example = "kafka://host:9092/topic, or kafka://host1:9092,host2:9092/topic1,topic2?mapping=NAME";
    private const string Scheme = "kafka://";
    private const int DefaultPort = 9092;

    private static readonly string[] Parameters = ["mapping", "start", "group", "cluster", "gap", "config"];

    // What this source decides, or has a parameter for.
    private static readonly string[] OwnSettings =
    [
        "bootstrap.servers", "metadata.broker.list", "group.id", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "enable.partition.eof", "max.poll.interval.ms",
    ];

    private KafkaTopics()
    {
    }

    /// <summary>Gets the brokers that are asked first, each with its port.</summary>
    public IReadOnlyList<string> Brokers { get; private init; } = [];

    /// <summary>Gets the topics' names; one that begins with <c>^</c> is a regular expression for those that it matches.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    /// <summary>Gets the name of the lake's mapping by which records become messages; <c>none</c>: by none. Null: the default one, if there is one.</summary>
    public string? Mapping { get; private init; }

    /// <summary>
    /// Gets where a partition is read from that is not in the lake yet: <c>earliest</c>, <c>latest</c>, an offset, or a time (RFC 3339) from which on its
    /// records are. Partitions that are added later are read from their first record on.
    /// </summary>
    public string Start { get; private init; } = "earliest";

    /// <summary>Gets the name of the consumer group under which positions are committed to the brokers as well, for tools that look at them; null: none.</summary>
    public string? Group { get; private init; }

    /// <summary>Gets the cluster's name in the identity of its topics; null: the id that the cluster gives itself.</summary>
    public string? Cluster { get; private init; }

    /// <summary>Gets a value indicating whether a partition is read on behind records that the broker has deleted before they were read; else it stops there.</summary>
    public bool SkipsGaps { get; private init; }

    /// <summary>Gets the file with settings of librdkafka, a <c>name=value</c> on each line; null: none.</summary>
    public string? ConfigFile { get; private init; }

    /// <summary>Gets settings of librdkafka from the address.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>Reads an address; <paramref name="error"/> says what is wrong, without repeating what may be a password.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KafkaTopics? topics, [NotNullWhen(false)] out string? error)
    {
        topics = null;
        error = Read(text, ref topics);
        return error is null && topics is not null;
    }

    /// <summary>Returns the topics for people: their names and where they are.</summary>
    public override string ToString() => $"{(Names.Count == 1 ? "the topic" : "the topics")} {string.Join(", ", Names.Select(name => $"'{name}'"))} at {string.Join(",", Brokers)}";

    /// <summary>Reads the settings of the file and the address, those of the address first.</summary>
    /// <exception cref="FormatException">A line of the file cannot be read, or is one that this source decides.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    internal Dictionary<string, string> ReadSettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (ConfigFile is { } path)
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
                string name = equals < 0 ? setting : setting[..equals].Trim();
                if (equals <= 0 || OwnSettings.Contains(name, StringComparer.Ordinal))
                {
                    throw new FormatException(equals <= 0 ? $"line {number} of {path} is not name=value" : $"line {number} of {path} sets {name}, {WhoSets(name)}");
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

    private static string? Read(string? text, ref KafkaTopics? topics)
    {
        if (text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return $"expected an address such as {Example}";
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

        string[] names = slash < 0 ? [] : [.. rest[(slash + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        if (hosts.Length == 0 || names.Length == 0)
        {
            return $"an address names {(hosts.Length == 0 ? "a broker" : "a topic")}: {Example}";
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

        return names.Select(NameFault).FirstOrDefault(static fault => fault is not null) ?? Read(brokers, names, query, ref topics);
    }

    private static string? NameFault(string name)
    {
        if (!name.StartsWith('^'))
        {
            return name.Length <= 249 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? null
                : $"'{name}' is not a topic's name: 1 to 249 of a to z, A to Z, 0 to 9, '.', '_' and '-'; a pattern begins with ^";
        }

        try
        {
            _ = new Regex(name, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"'{name}' is not a regular expression: {e.Message}";
        }
    }

    private static string? Read(List<string> brokers, string[] names, string query, ref KafkaTopics? topics)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            if (!parameters.TryAdd(name, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..])))
            {
                return $"{name}= occurs twice";
            }
        }

        foreach (string name in parameters.Keys.Where(static name => !Parameters.Contains(name, StringComparer.Ordinal)))
        {
            if (!name.Contains('.', StringComparison.Ordinal))
            {
                return $"there is no parameter '{name}'; there are {string.Join(", ", Parameters)}, and librdkafka's settings by their names, such as security.protocol=SSL";
            }

            if (OwnSettings.Contains(name, StringComparer.Ordinal))
            {
                return $"{name}= cannot be set, {WhoSets(name)}";
            }

            if (name.Contains("password", StringComparison.Ordinal) || name.Contains("secret", StringComparison.Ordinal) || name.EndsWith(".pem", StringComparison.Ordinal))
            {
                return $"{name}= is a secret, which others see on a command line: write it into a file, a name=value on each line, and name that by config=FILE";
            }
        }

        string start = parameters.GetValueOrDefault("start", "earliest");
        if (start is not ("earliest" or "latest") && !long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !TryTime(start, out _))
        {
            return "start= is to be earliest, latest, an offset, or a time such as 2024-12-16T10:00:00Z";
        }

        string gap = parameters.GetValueOrDefault("gap", "stop");
        if (gap is not ("stop" or "skip"))
        {
            return "gap= is to be stop or skip: what to do where the broker has deleted records before they were read; left out, it is stop";
        }

        if (parameters.TryGetValue("mapping", out string? mapping) && !MessageMapping.IsName(mapping))
        {
            return "mapping= is to be the name of a mapping of the lake, or none; left out, it is the lake's default one";
        }

        if (parameters.FirstOrDefault(static one => one.Key is "group" or "cluster" or "config" && one.Value.Length == 0).Key is { } empty)
        {
            return $"{empty}= is empty: leave it out, or give it a value";
        }

        topics = new KafkaTopics
        {
            Brokers = brokers,
            Names = names,
            Mapping = mapping,
            Start = start,
            Group = parameters.GetValueOrDefault("group"),
            Cluster = parameters.GetValueOrDefault("cluster"),
            SkipsGaps = gap == "skip",
            ConfigFile = parameters.GetValueOrDefault("config"),
            Settings = parameters.Where(static one => one.Key.Contains('.', StringComparison.Ordinal)).ToDictionary(),
        };
        return null;
    }

    internal static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static string WhoSets(string name) => name switch
    {
        "group.id" => "which is group= of the address",
        "bootstrap.servers" or "metadata.broker.list" => "which are the hosts of the address",
        "auto.offset.reset" => "as the lake knows where to read on; where it begins is start= of the address",
        _ => "which this source decides: offsets are stored in the lake",
    };
}
