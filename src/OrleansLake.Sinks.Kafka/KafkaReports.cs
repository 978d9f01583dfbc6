using System.Diagnostics.CodeAnalysis;
using OrleansLake.Sources.Kafka;

namespace OrleansLake.Sinks.Kafka;

/// <summary>Topics of a Kafka cluster that reports are published to, one for each report, and how its brokers are reached.</summary>
/// <remarks>Its text never holds a password.</remarks>
public sealed class KafkaReports
{
    private const string Example = "kafka://host:9092/prefix, whose topics are prefix.report1 and so on, or kafka://host1:9092,host2:9092/prefix?reports=report1";

    private static readonly string[] Parameters = ["reports", "config"];

    private KafkaReports(KafkaAddress address, string prefix, string[] reports)
    {
        Address = address;
        Prefix = prefix;
        Reports = reports;
    }

    /// <summary>Gets the brokers that are asked first, each with its port.</summary>
    public IReadOnlyList<string> Brokers => Address.Brokers;

    /// <summary>Gets what the topics' names begin with, before a dot and the report's name.</summary>
    public string Prefix { get; }

    /// <summary>Gets the names of the reports that are published; none: all of the lake's.</summary>
    public IReadOnlyList<string> Reports { get; }

    /// <summary>Gets what they are reached by.</summary>
    internal KafkaAddress Address { get; }

    /// <summary>Reads an address; <paramref name="error"/> says what is wrong, without repeating what may be a password.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KafkaReports? reports, [NotNullWhen(false)] out string? error)
    {
        reports = null;
        error = KafkaAddress.Read(text, Example, Parameters, WhoSets, out KafkaAddress? address);
        if (error is null)
        {
            string prefix = Uri.UnescapeDataString(address!.Path);
            error = prefix.Length == 0 ? $"an address names what the topics begin with: {Example}" : KafkaAddress.NameFault(prefix);
            reports = error is null ? new KafkaReports(address, prefix, address.Parameters.GetValueOrDefault("reports")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []) : null;
        }

        return reports is not null;
    }

    /// <summary>Returns the topics for people: their names and where they are.</summary>
    public override string ToString() => $"the topics '{Prefix}.*' at {string.Join(",", Brokers)}";

    /// <summary>Returns the name of a report's topic.</summary>
    internal string TopicOf(string report) => $"{Prefix}.{report}";

    private static string? WhoSets(string name) => name switch
    {
        "bootstrap.servers" or "metadata.broker.list" => "which are the hosts of the address",
        "transactional.id" or "enable.idempotence" or "acks" => "which this sink decides: each step is a transaction",
        _ => null,
    };
}
