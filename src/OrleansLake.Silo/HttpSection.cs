using System.ComponentModel;

namespace OrleansLake.Silo;

/// <summary>The settings under <c>Http</c>: where the API and the dashboard listen.</summary>
internal sealed class HttpSection
{
    [Description("where the HTTP API listens, with ; between (nowhere)")]
    public string? Urls { get; set; }

    [Description("the file of keys, see lake key")]
    public string? Keys { get; set; }

    /// <summary>Gets the addresses; none: it serves Orleans clients only.</summary>
    internal string[] Addresses => Split(Urls);

    internal static string[] Split(string? urls) => (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
