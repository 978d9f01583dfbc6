using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace OrleansLake.Silo;

/// <summary>The settings under <c>Cluster</c>: where silos find each other.</summary>
internal sealed class ClusterSection
{
    /// <summary>The port for other silos where none is given, and so that of the first one.</summary>
    internal const int DefaultPort = 11111;

    [Description("Localhost (default) or PostgreSql: where silos find each other")]
    public ClusteringKind Kind { get; set; }

    [Description("the connection string of the membership database"), DataType(DataType.Password)]
    public string? PostgreSql { get; set; }

    [Description("the cluster's name (lake)"), Required]
    public string Id { get; set; } = "lake";

    [Description("Localhost: the first silo's Silo:Port (11111)"), Range(1, 65535)]
    public int? PrimaryPort { get; set; }

    [Description("how often silos probe each other (5000)"), Range(100, 60_000)]
    public int ProbeMs { get; set; } = 5_000;

    /// <summary>Gets the port of the silo that keeps the list, of silos on this machine.</summary>
    internal int FirstPort => PrimaryPort ?? DefaultPort;

    /// <summary>Gets how often silos probe each other. Three failed probes declare a silo dead.</summary>
    internal TimeSpan ProbeEvery => TimeSpan.FromMilliseconds(ProbeMs);
}
