using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Storage.Lakes;

/// <summary>A silo that runs a lake's partitions, as it is described to others.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Membership">What keeps the cluster's list of silos, in words; empty if that is not known. It distinguishes clusters of one name.</param>
/// <param name="Silo">Where other silos reach it: address and port.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Machine">The machine that it runs on.</param>
internal sealed record SiloOwner(string Cluster, string Membership, string Silo, int ProcessId, string Machine)
{
    /// <summary>Gets which of the silos it is that were started at that address, one after the other; 0 if it does not say so.</summary>
    public int Generation { get; init; }

    /// <summary>Gets the owner that does not say who it is.</summary>
    internal static SiloOwner Unknown { get; } = new("unknown", "", "unknown", 0, "an unknown machine");

    /// <summary>Returns whether another silo is of the same cluster.</summary>
    public bool IsOfSameCluster(SiloOwner other)
    {
        return Cluster == other.Cluster && Membership == other.Membership;
    }

    /// <summary>Returns whether it is the silo that a cluster's list has.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="address">Where other silos reach it.</param>
    /// <param name="generation">Which of those that were started there.</param>
    public bool IsOf(string cluster, EndPoint address, int generation) =>
        Cluster == cluster && Silo == address?.ToString() && (Generation == generation || Generation == 0);

    /// <summary>Gets a description of the cluster.</summary>
    public string ClusterText => Membership.Length == 0 ? $"the cluster '{Cluster}'" : $"the cluster '{Cluster}' ({Membership})";

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"the silo {Silo} of {ClusterText}, process {ProcessId} on {Machine}");

    /// <summary>Returns the line in the file beside the silo's lock.</summary>
    internal string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("cluster"u8, Cluster);
            json.WriteString("membership"u8, Membership);
            json.WriteString("silo"u8, Silo);
            json.WriteNumber("generation"u8, Generation);
            json.WriteNumber("process"u8, ProcessId);
            json.WriteString("machine"u8, Machine);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Reads such a line; null if it is not one.</summary>
    internal static SiloOwner? Parse(string? line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line ?? "");
            JsonElement root = json.RootElement;
            return new SiloOwner(Text("cluster"), Text("membership"), Text("silo"), root.GetProperty("process").GetInt32(), Text("machine"))
            {
                Generation = root.TryGetProperty("generation"u8, out JsonElement generation) ? generation.GetInt32() : 0,
            };

            string Text(string name) => root.GetProperty(name).GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
