using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace OrleansLake.Silo;

/// <summary>The settings under <c>Silo</c>: its own address and ports.</summary>
internal sealed class SiloSection
{
    [Description("the IP address that other silos reach this one by (its own; of a network interface where the host name is loopback)"), IPAddress]
    public string? Address { get; set; }

    [Description("the port for other silos (11111)"), Range(1, 65535)]
    public int Port { get; set; } = ClusterSection.DefaultPort;

    [Description("the port for Orleans clients (30000)"), Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    [Description("how long it waits at its start for what it needs (60)"), Range(0, 86_400)]
    public int WaitSeconds { get; set; } = 60;

    /// <summary>Gets the time that it waits at its start for the database, the storage account or the first silo.</summary>
    internal TimeSpan WaitMax => TimeSpan.FromSeconds(WaitSeconds);
}
