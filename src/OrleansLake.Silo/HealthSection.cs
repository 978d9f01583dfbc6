using System.ComponentModel;

namespace OrleansLake.Silo;

/// <summary>The settings under <c>Health</c>: where probes and scrapers ask.</summary>
internal sealed class HealthSection
{
    [Description("where /health, /alive and /metrics alone listen, without a key, with ; between (nowhere)")]
    public string? Urls { get; set; }

    /// <summary>Gets the addresses.</summary>
    internal string[] Addresses => HttpSection.Split(Urls);
}
