using System.Collections;
using System.Globalization;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Hosting;

/// <summary>
/// The variables of the environment that the exporter of metrics and traces reads. It passes over a value that it does not understand,
/// in silence, and sends to its default address.
/// </summary>
public static class OtlpSettings
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string Pairs = "a list of name=value with commas between";
    private const string Milliseconds = "whole milliseconds, 1 or more";

    private static readonly string[] Signals = ["", "TRACES_", "METRICS_", "LOGS_"];

    // By the name after the prefix and the signal's. What may be secret is not repeated.
    private static readonly Rule[] OfSignals =
    [
        new("ENDPOINT", "an absolute http or https URL, such as http://localhost:4317", IsUrl),
        new("PROTOCOL", "grpc or http/protobuf", static text => text is "grpc" or "http/protobuf"),
        new("TIMEOUT", Milliseconds, IsPositive),
        new("COMPRESSION", "gzip or none", static text => text is "gzip" or "none"),
        new("HEADERS", Pairs, ArePairs, IsSecret: true),
    ];

    private static readonly Rule[] Others =
    [
        new($"{Prefix}METRICS_TEMPORALITY_PREFERENCE", "cumulative or delta", static text => text.ToUpperInvariant() is "CUMULATIVE" or "DELTA"),
        new($"{Prefix}METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "explicit_bucket_histogram or base2_exponential_bucket_histogram", static text => text.ToUpperInvariant() is "EXPLICIT_BUCKET_HISTOGRAM" or "BASE2_EXPONENTIAL_BUCKET_HISTOGRAM"),
        new($"{Prefix}CERTIFICATE", "a file that is there", File.Exists),
        new($"{Prefix}CLIENT_CERTIFICATE", "a file that is there", File.Exists),
        new($"{Prefix}CLIENT_KEY", "a file that is there", File.Exists),
        new("OTEL_RESOURCE_ATTRIBUTES", Pairs, ArePairs),
        new("OTEL_METRIC_EXPORT_INTERVAL", Milliseconds, IsPositive),
        new("OTEL_METRIC_EXPORT_TIMEOUT", Milliseconds, IsPositive),
        new("OTEL_BSP_SCHEDULE_DELAY", Milliseconds, IsPositive),
        new("OTEL_BSP_EXPORT_TIMEOUT", Milliseconds, IsPositive),
        new("OTEL_BSP_MAX_QUEUE_SIZE", "a whole number, 1 or more", IsPositive),
        new("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "a whole number, 1 or more", IsPositive),
        new("OTEL_TRACES_SAMPLER", "always_on, always_off, traceidratio, or one of these after parentbased_", static text => text.ToUpperInvariant().Replace("PARENTBASED_", "", StringComparison.Ordinal) is "ALWAYS_ON" or "ALWAYS_OFF" or "TRACEIDRATIO"),
        new("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1, such as 0.01", static text => double.TryParse(text, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1),
    ];

    private static readonly Rule[] All = [.. from signal in Signals from rule in OfSignals select rule with { Name = $"{Prefix}{signal}{rule.Name}" }, .. Others];

    /// <summary>Gets a value indicating whether the environment names a collector: any of <c>OTEL_EXPORTER_OTLP_*</c> has a value.</summary>
    public static bool AreGiven { get; } = OfExporter(Environment.GetEnvironmentVariables()).Any();

    /// <summary>Returns a sentence for each variable of this process that the exporter would pass over; none where there is no exporter.</summary>
    public static IReadOnlyList<string> Problems() => AreGiven ? Problems(Environment.GetEnvironmentVariables()) : [];

    private static string[] Problems(IDictionary environment) =>
    [
        .. from rule in All
           where environment[rule.Name] is string { Length: > 0 } text && !rule.Holds(text.Trim())
           select rule.IsSecret ? $"{rule.Name} is not understood (its value, which may be secret, is not repeated): give {rule.Expected}."
               : $"{rule.Name} is '{environment[rule.Name]}': give {rule.Expected}.",
        .. from name in OfExporter(environment)
           where !All.Any(rule => rule.Name == name)
           let nearest = NearestName.Of(name[Prefix.Length..], All.Where(static rule => rule.Name.StartsWith(Prefix, StringComparison.Ordinal)).Select(static rule => rule.Name[Prefix.Length..]))
           where nearest is not null
           select $"{name} is not a setting of the exporter; the nearest is {Prefix}{nearest}.",
    ];

    private static IEnumerable<string> OfExporter(IDictionary environment) =>
        from name in environment.Keys.OfType<string>()
        where name.StartsWith(Prefix, StringComparison.Ordinal) && environment[name] is string { Length: > 0 }
        select name;

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Host.Length > 0;

    private static bool IsPositive(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;

    private static bool ArePairs(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries).All(static pair => pair.Trim().IndexOf('=', StringComparison.Ordinal) > 0);

    private sealed record Rule(string Name, string Expected, Func<string, bool> Holds, bool IsSecret = false);
}
