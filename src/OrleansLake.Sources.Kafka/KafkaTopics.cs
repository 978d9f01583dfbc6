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

    private static readonly string[] Parameters = ["mapping", "start", "group", "cluster", "gap", "config"];

    private KafkaTopics(KafkaAddress address) => Address = address;

    /// <summary>Gets the brokers that are asked first, each with its port.</summary>
    public IReadOnlyList<string> Brokers => Address.Brokers;

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
    public string? ConfigFile => Address.Parameters.GetValueOrDefault("config");

    /// <summary>Gets what they are reached by.</summary>
    internal KafkaAddress Address { get; }

    /// <summary>Reads an address; <paramref name="error"/> says what is wrong, without repeating what may be a password.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KafkaTopics? topics, [NotNullWhen(false)] out string? error)
    {
        topics = null;
        error = Read(text, ref topics);
        return error is null && topics is not null;
    }

    /// <summary>Returns the topics for people: their names and where they are.</summary>
    public override string ToString() => $"{(Names.Count == 1 ? "the topic" : "the topics")} {string.Join(", ", Names.Select(name => $"'{name}'"))} at {string.Join(",", Brokers)}";

    /// <inheritdoc cref="KafkaAddress.ReadSettings"/>
    internal Dictionary<string, string> ReadSettings() => Address.ReadSettings();

    private static string? Read(string? text, ref KafkaTopics? topics)
    {
        if (KafkaAddress.Read(text, Example, Parameters, WhoSets, out KafkaAddress? address) is { } fault)
        {
            return fault;
        }

        string[] names = [.. address!.Path.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        return names.Length == 0 ? $"an address names a topic: {Example}" : names.Select(NameFault).FirstOrDefault(static name => name is not null) ?? Read(address, names, ref topics);
    }

    private static string? NameFault(string name)
    {
        if (!name.StartsWith('^'))
        {
            return KafkaAddress.NameFault(name) is { } fault ? $"{fault}; a pattern begins with ^" : null;
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

    private static string? Read(KafkaAddress address, string[] names, ref KafkaTopics? topics)
    {
        IReadOnlyDictionary<string, string> parameters = address.Parameters;
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

        topics = new KafkaTopics(address)
        {
            Names = names,
            Mapping = mapping,
            Start = start,
            Group = parameters.GetValueOrDefault("group"),
            Cluster = parameters.GetValueOrDefault("cluster"),
            SkipsGaps = gap == "skip",
        };
        return null;
    }

    internal static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static string? WhoSets(string name) => name switch
    {
        "group.id" => "which is group= of the address",
        "bootstrap.servers" or "metadata.broker.list" => "which are the hosts of the address",
        "auto.offset.reset" => "as the lake knows where to read on; where it begins is start= of the address",
        "enable.auto.commit" or "enable.auto.offset.store" or "enable.partition.eof" or "max.poll.interval.ms" => "which this source decides: offsets are stored in the lake",
        _ => null,
    };
}
