using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansLake.Grains;
using OrleansLake.Storage;
using OrleansLake.Storage.Azure;

namespace OrleansLake.Silo;

/// <summary>
/// What a silo is told, by environment (<c>Lake__Folder=/lake</c>), arguments (<c>--Lake:Folder /lake</c>) or
/// <c>appsettings.json</c>. Read once, all of it checked before anything starts.
/// </summary>
public sealed record SiloSettings
{
    /// <summary>What keeps the lake's files.</summary>
    public LakeStoreKind Store { get; init; }

    /// <summary>The lake's folder, which every silo sees under the same name; empty if it is in no folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Azure only: the account's connection string.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Azure only: the container, whose root is the lake's.</summary>
    public string Container { get; init; } = "lake";

    /// <summary>How many partitions a lake gets that is made. Null: 16, or what it has.</summary>
    public int? Partitions { get; init; }

    /// <summary>The time zone of a lake that is made. Null: UTC, or what it is.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Who decides which copy of a message counts.</summary>
    public DeduplicationKind Deduplication { get; init; }

    /// <summary>How often silver and gold follow.</summary>
    public TimeSpan Trigger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where silos find each other.</summary>
    public ClusteringKind Clustering { get; init; }

    /// <summary>The membership database's connection string.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>The cluster's name: silos of one database and name belong together.</summary>
    public string ClusterId { get; init; } = "lake";

    /// <summary>The address that other silos and clients reach this one by.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port for other silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Localhost only: the port of the silo that keeps the list; the first silo's own.</summary>
    public int PrimaryPort { get; init; } = 11111;

    /// <summary>How often silos look whether the others live. Three looks that fail are a death.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the lake's files are.</summary>
    public ILakeStore OpenStore() => Store == LakeStoreKind.Azure
        ? new AzureLakeStore(new AzureLakeStoreOptions { ConnectionString = ConnectionString!, Container = Container })
        : new LocalStore(Path.GetFullPath(Folder));

    /// <summary>Where the HTTP API and the dashboard listen; none: the silo speaks to Orleans clients only.</summary>
    public IReadOnlyList<string> HttpUrls { get; init; } = [];

    /// <summary>The file with the keys that the HTTP API asks for (see <c>lake key</c>). Null: nobody is asked, and it listens on loopback only.</summary>
    public string? HttpKeys { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SiloSettingsException">They make no silo.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        LakeStoreKind store = LakeStoreKind.Folder;
        if (Text("Lake:Store") is { } place && (!Enum.TryParse(place, ignoreCase: true, out store) || !Enum.IsDefined(store)))
        {
            problems.Add($"Lake:Store is '{place}': give folder or azure.");
        }

        string? connection = Text("Lake:ConnectionString");
        if (store == LakeStoreKind.Azure && connection is null)
        {
            problems.Add("Lake:ConnectionString is missing: give the storage account's connection string.");
        }

        string folder = Text("Lake:Folder") ?? Text("LAKE_DIR") ?? "";
        if (store == LakeStoreKind.Folder && folder.Length == 0)
        {
            problems.Add("Lake:Folder is missing: name the lake's folder (environment Lake__Folder).");
        }

        ClusteringKind clustering = ClusteringKind.Localhost;
        if (Text("Cluster:Kind") is { } kind && (!Enum.TryParse(kind, ignoreCase: true, out clustering) || !Enum.IsDefined(clustering)))
        {
            problems.Add($"Cluster:Kind is '{kind}': give Localhost or PostgreSql.");
        }

        DeduplicationKind deduplication = DeduplicationKind.MessageGrains;
        if (Text("Lake:Deduplication") is { } decider && (!Enum.TryParse(decider, ignoreCase: true, out deduplication) || !Enum.IsDefined(deduplication)))
        {
            problems.Add($"Lake:Deduplication is '{decider}': give MessageGrains or KeyRanges.");
        }

        string? postgreSql = Text("Cluster:PostgreSql");
        if (clustering == ClusteringKind.PostgreSql && postgreSql is null)
        {
            problems.Add("Cluster:PostgreSql is missing: give the connection string of the membership database.");
        }

        string address = Text("Silo:Address") ?? (clustering == ClusteringKind.Localhost ? "127.0.0.1" : "");
        if (!TryAddress(address, out IPAddress? ip))
        {
            problems.Add($"Silo:Address is '{address}': give the address that other silos reach this one by, or leave it out.");
        }

        var settings = new SiloSettings
        {
            Store = store,
            Folder = folder,
            ConnectionString = connection,
            Container = Text("Lake:Container") ?? "lake",
            Partitions = Text("Lake:Partitions") is null ? null : Number("Lake:Partitions", 0, 1, 1024),
            TimeZone = Text("Lake:TimeZone"),
            Trigger = TimeSpan.FromMilliseconds(Number("Lake:TriggerMs", 5_000, 50, 86_400_000)),
            Clustering = clustering,
            Deduplication = deduplication,
            PostgreSql = postgreSql,
            ClusterId = Text("Cluster:Id") ?? "lake",
            Address = ip ?? IPAddress.Loopback,
            SiloPort = Number("Silo:Port", 11111, 1, 65535),
            GatewayPort = Number("Silo:GatewayPort", 30000, 1, 65535),
            PrimaryPort = Number("Cluster:PrimaryPort", 11111, 1, 65535),
            HttpUrls = (Text("Http:Urls") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            HttpKeys = Text("Http:Keys"),
            ProbeEvery = TimeSpan.FromMilliseconds(Number("Cluster:ProbeMs", 5_000, 100, 60_000)),
        };
        return problems.Count == 0 ? settings
            : throw new SiloSettingsException(string.Join(Environment.NewLine, problems));

        string? Text(string key) => configuration[key] is { Length: > 0 } text ? text : null;

        int Number(string key, int otherwise, int min, int max)
        {
            if (Text(key) is not { } text)
            {
                return otherwise;
            }

            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < min || number > max)
            {
                problems.Add($"{key} is '{text}': give a number from {min} to {max}.");
            }

            return number;
        }
    }

    // An empty one is this machine's own, as its name resolves: what a container has.
    private static bool TryAddress(string text, out IPAddress? address)
    {
        if (text.Length > 0)
        {
            return IPAddress.TryParse(text, out address);
        }

        address = Array.Find(Dns.GetHostAddresses(Dns.GetHostName()), a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);
        return address is not null;
    }
}
