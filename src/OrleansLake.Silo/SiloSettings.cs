using System.Data.Common;
using System.Globalization;
using System.Net;
using Azure.Storage.Blobs;
using Npgsql;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.Storage.Azure;
using OrleansLake.Storage.Stores;
using OrleansLake.Storage.TimeZones;

namespace OrleansLake.Silo;

/// <summary>
/// The settings of a silo, by environment (<c>Lake__Folder=/lake</c>), arguments (<c>--Lake:Folder /lake</c>) or
/// <c>appsettings.json</c>. Read once, all of it checked before anything starts.
/// </summary>
public sealed record SiloSettings
{
    /// <summary>Gets the kind of store of the lake's files.</summary>
    public LakeStoreKind Store { get; init; }

    /// <summary>Gets the lake's folder, which every silo sees under the same name; empty if it is in no folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets, for Azure only, the account's connection string.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Gets, for Azure only, the container, whose root is the lake's.</summary>
    public string Container { get; init; } = "lake";

    /// <summary>Gets the number of partitions that a lake gets when it is created. Null: 16, or what it has.</summary>
    public int? Partitions { get; init; }

    /// <summary>Gets the time zone of a lake that is created. Null: UTC, or what it is.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Gets the codec of bronze's and silver's Parquet files.</summary>
    public LakeCodec Codec { get; init; }

    /// <summary>Gets the kind of deduplication: who decides which copy of a message counts.</summary>
    public DeduplicationKind Deduplication { get; init; }

    /// <summary>Gets how often silver and gold follow.</summary>
    public TimeSpan Trigger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the kind of membership provider by which silos find each other.</summary>
    public ClusteringKind Clustering { get; init; }

    /// <summary>Gets the membership database's connection string.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>Gets the cluster's name: silos of one database and name belong together.</summary>
    public string ClusterId { get; init; } = "lake";

    /// <summary>Gets the address that other silos and clients reach this one by.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Gets a value indicating whether that address was given, and not found.</summary>
    public bool IsAddressGiven { get; init; }

    /// <summary>Gets the port for other silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Gets the port for clients.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Gets, for localhost only, the port of the silo that keeps the list; the first silo's own.</summary>
    public int PrimaryPort { get; init; } = 11111;

    /// <summary>Gets how often silos probe each other. Three failed probes declare a silo dead.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the time that it waits at its start for the database, the storage account or the first silo.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Returns the store of the lake's files.</summary>
    public ILakeStore OpenStore() => Store == LakeStoreKind.Azure
        ? new AzureLakeStore(new AzureLakeStoreOptions { ConnectionString = ConnectionString!, Container = Container })
        : new LocalStore(Folder);

    /// <summary>Gets the addresses that the HTTP API and the dashboard listen on; none: the silo serves Orleans clients only.</summary>
    public IReadOnlyList<string> HttpUrls { get; init; } = [];

    /// <summary>Gets the file with the keys that the HTTP API asks for (see <c>lake key</c>). Null: nobody is asked, and it listens
    /// on loopback only.</summary>
    public string? HttpKeys { get; init; }

    /// <summary>Gets the rest of the configuration, for the HTTP API: <c>OrleansLake</c> and <c>Kestrel</c>.</summary>
    public IConfiguration? Others { get; init; }

    /// <summary>Reads the settings, and checks what can be seen in them alone.</summary>
    /// <exception cref="SiloStartException">They are not valid; every problem is reported.</exception>
    public static SiloSettings Read(IConfiguration configuration, IReadOnlyList<string>? arguments = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>([.. SettingNames.Unknown(arguments ?? []), .. SettingNames.Unknown(configuration), .. SettingNames.OfOrleans(configuration),
            .. SettingNames.Flat(configuration), .. SettingNames.MisspeltSections(configuration), .. SettingNames.Misnamed(configuration)]);
        problems.AddRange(from name in SettingNames.All.Select(setting => setting.Name).Append("LAKE_DIR")
                          where configuration[name] is { Length: 0 }
                          select $"{name} is empty: give a value, or leave it out.");

        // What is wrong with the name says it already.
        bool isFolderTold = problems.Any(problem => problem.StartsWith("Lake is a section", StringComparison.Ordinal) || problem.StartsWith("LAKE_DIR is empty", StringComparison.Ordinal)
            || problem.StartsWith("Lake:Folder is empty", StringComparison.Ordinal) || problem.Contains("the nearest is Lake:Folder ", StringComparison.Ordinal) || problem.Contains("the nearest is Lake,", StringComparison.Ordinal)
            || problem.Contains("it is Lake__Folder", StringComparison.Ordinal));
        LakeStoreKind store = OneOf("Lake:Store", LakeStoreKind.Folder);

        string? connection = Text("Lake:ConnectionString");
        if (store == LakeStoreKind.Azure && connection is null)
        {
            problems.Add("Lake:ConnectionString is missing: give the storage account's connection string.");
        }

        if (store != LakeStoreKind.Azure)
        {
            OnlyWith("Lake:ConnectionString", "Lake:Store azure");
            OnlyWith("Lake:Container", "Lake:Store azure");
        }
        else if (connection is not null)
        {
            Try("Lake:ConnectionString is not a storage account's connection string", () => new BlobServiceClient(connection));
        }

        string container = Text("Lake:Container") ?? "lake";
        if (store == LakeStoreKind.Azure && !IsContainer(container))
        {
            problems.Add($"Lake:Container is '{container}': give 3 to 63 small letters, digits and single hyphens between them.");
        }

        string folder = Text("Lake:Folder") ?? Text("LAKE_DIR") ?? "";
        if (store == LakeStoreKind.Folder && folder.Length == 0 && !isFolderTold)
        {
            problems.Add("Lake:Folder is missing: name the lake's folder (environment Lake__Folder).");
        }

        if (store == LakeStoreKind.Azure && Text("Lake:Folder") is not null)
        {
            problems.Add("Lake:Folder is given, and Lake:Store is azure, where the lake is in Lake:Container: leave it out.");
        }

        ClusteringKind clustering = OneOf("Cluster:Kind", ClusteringKind.Localhost);
        LakeCodec codec = OneOf("Lake:Codec", LakeCodec.Snappy);
        DeduplicationKind deduplication = OneOf("Lake:Deduplication", DeduplicationKind.MessageGrains);

        string? postgreSql = Text("Cluster:PostgreSql");
        if (clustering == ClusteringKind.PostgreSql && postgreSql is null)
        {
            problems.Add("Cluster:PostgreSql is missing: give the connection string of the membership database.");
        }

        if (clustering != ClusteringKind.PostgreSql)
        {
            OnlyWith("Cluster:PostgreSql", "Cluster:Kind PostgreSql");
        }
        else if (postgreSql is not null)
        {
            Try("Cluster:PostgreSql is not a connection string of PostgreSQL", () => UnknownIn(postgreSql) is { } unknown
                ? throw new ArgumentException($"it has '{unknown}', which is not known")
                : new NpgsqlConnectionStringBuilder(postgreSql).Host ?? throw new ArgumentException("It names no Host."));
        }

        if (clustering == ClusteringKind.PostgreSql && Text("Cluster:PrimaryPort") is not null)
        {
            problems.Add("Cluster:PrimaryPort is given, and Cluster:Kind is PostgreSql, where the database keeps the list: leave it out.");
        }

        string? address = Text("Silo:Address");
        IPAddress? ip = address is not null ? IPAddress.TryParse(address, out IPAddress? given) ? given : null
            : clustering == ClusteringKind.Localhost ? IPAddress.Loopback : OwnAddress.Find();
        if (ip is null)
        {
            problems.Add($"Silo:Address is '{address}': give the IP address, not a name, that other silos reach this one by, or leave it out.");
        }
        else if (clustering == ClusteringKind.Localhost && !IPAddress.IsLoopback(ip))
        {
            problems.Add($"Silo:Address is '{address}', and silos of Cluster:Kind Localhost are on this machine only: leave it out, or give Cluster:Kind PostgreSql.");
        }

        var settings = new SiloSettings
        {
            Others = configuration,
            Store = store,
            Folder = folder,
            ConnectionString = connection,
            Container = container,
            Partitions = Text("Lake:Partitions") is null ? null : Number("Lake:Partitions", 0, 1, 1024),
            TimeZone = Text("Lake:TimeZone"),
            Trigger = TimeSpan.FromMilliseconds(Number("Lake:TriggerMs", 5_000, 50, 86_400_000)),
            Clustering = clustering,
            Codec = codec,
            Deduplication = deduplication,
            PostgreSql = postgreSql,
            ClusterId = Text("Cluster:Id") ?? "lake",
            Address = ip ?? IPAddress.Loopback,
            IsAddressGiven = address is not null,
            SiloPort = Number("Silo:Port", 11111, 1, 65535),
            GatewayPort = Number("Silo:GatewayPort", 30000, 1, 65535),
            PrimaryPort = Number("Cluster:PrimaryPort", 11111, 1, 65535),
            HttpUrls = (Text("Http:Urls") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            HttpKeys = Text("Http:Keys"),
            WaitMax = TimeSpan.FromSeconds(Number("Silo:WaitSeconds", 60, 0, 86_400)),
            ProbeEvery = TimeSpan.FromMilliseconds(Number("Cluster:ProbeMs", 5_000, 100, 60_000)),
        };
        if (settings.SiloPort == settings.GatewayPort)
        {
            problems.Add($"Silo:Port and Silo:GatewayPort are both {settings.SiloPort}: give two ports.");
        }

        if (settings.HttpUrls.Count == 0 && Text("Http:Urls") is { } none)
        {
            problems.Add($"Http:Urls is '{none}', which names no address: give one such as http://127.0.0.1:5080, or leave it out.");
        }

        foreach (string url in settings.HttpUrls)
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && (uri.Port == settings.SiloPort || uri.Port == settings.GatewayPort))
            {
                problems.Add($"Http:Urls has {url}, and {(uri.Port == settings.SiloPort ? "Silo:Port" : "Silo:GatewayPort")} is {uri.Port}: give two ports.");
            }
        }

        try
        {
            _ = settings.TimeZone is { } zone ? TimeZoneFiles.Load(zone) : null;
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            problems.Add($"Lake:TimeZone: {e.Message}");
        }

        if (problems.Count == 0)
        {
            return settings;
        }

        if (!problems.Exists(static problem => problem.StartsWith("Http:", StringComparison.Ordinal)))
        {
            // What is looked at later is reported with the rest.
            SiloChecks.CheckHttpAsync(settings, problems).GetAwaiter().GetResult();
        }

        throw new SiloStartException(string.Join(Environment.NewLine, problems));

        // Connection strings hold passwords: the message names the fault, not the value.
        void Try(string problem, Func<object> use)
        {
            try
            {
                _ = use();
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                problems.Add($"{problem}: {e.Message.Split(" (Parameter", 2)[0].ReplaceLineEndings(" ")}{(e.InnerException is { } cause ? $" ({cause.Message.ReplaceLineEndings(" ")})" : "")}");
            }
        }

        // Not with what is wrong in it: it may be meant, and then the kind is what is missing.
        void OnlyWith(string key, string kind)
        {
            if (Text(key) is not null)
            {
                problems.Add($"{key} is given, and means nothing without {kind}: give both, or neither.");
            }
        }

        string? Text(string key) => configuration[key] is { Length: > 0 } text ? text : null;

        T OneOf<T>(string key, T otherwise)
            where T : struct, Enum
        {
            if (Text(key) is not { } text)
            {
                return otherwise;
            }

            string[] names = Enum.GetNames<T>();
            if (Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and int found)
            {
                return Enum.Parse<T>(names[found]);
            }

            problems.Add($"{key} is '{text}': give {string.Join(" or ", names)}.");
            return otherwise;
        }

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

    private static string? UnknownIn(string postgreSql) => new DbConnectionStringBuilder { ConnectionString = postgreSql }.Keys.Cast<string>()
        .Where(static name => !new NpgsqlConnectionStringBuilder().ContainsKey(name))
        .Select(name => postgreSql.Substring(postgreSql.IndexOf(name, StringComparison.OrdinalIgnoreCase), name.Length)).FirstOrDefault();

    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    private static bool IsContainer(string name) =>
        name.Length is >= 3 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
}
