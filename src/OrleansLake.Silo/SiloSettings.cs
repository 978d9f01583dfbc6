using System.Data.Common;
using System.Net;
using Azure.Storage.Blobs;
using Npgsql;
using OrleansLake.Client.Settings;
using OrleansLake.Hosting;
using OrleansLake.Storage.Azure;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Silo;

/// <summary>
/// The settings of a silo, bound from the section <c>OrleansLake</c> of arguments, environment and <c>appsettings.json</c>
/// (<c>OrleansLake:Lake:Folder</c>) or without it, as they were once called (<c>Lake:Folder</c>). Read once, all of it checked before anything starts.
/// </summary>
internal sealed class SiloSettings
{
    public LakeSection Lake { get; } = new();

    public ClusterSection Cluster { get; } = new();

    public SiloSection Silo { get; } = new();

    public HttpSection Http { get; } = new();

    public HealthSection Health { get; } = new();

    /// <summary>Gets the address that other silos and clients reach this one by.</summary>
    internal IPAddress Address { get; private set; } = IPAddress.Loopback;

    /// <summary>Gets a value indicating whether the list of silos is kept by another silo of this machine.</summary>
    internal bool IsListElsewhere => Cluster.Kind == ClusteringKind.Localhost && Cluster.FirstPort != Silo.Port;

    /// <summary>Gets all of the configuration, for the HTTP API: <c>OrleansLake</c> and <c>Kestrel</c>.</summary>
    internal required IConfiguration Configuration { get; init; }

    /// <summary>Returns the store of the lake's files.</summary>
    internal ILakeStore OpenStore() => Lake.Store == LakeStoreKind.Azure
        ? new AzureLakeStore(new AzureLakeStoreOptions { ConnectionString = Lake.ConnectionString!, Container = Lake.ContainerName })
        : new LocalStore(SystemPath.Of(Lake.Folder!));

    /// <summary>Reads the settings, and checks what can be seen in them alone.</summary>
    /// <exception cref="SiloStartException">They are not valid; every problem is reported.</exception>
    internal static SiloSettings Read(IConfiguration configuration, IReadOnlyList<string>? arguments = null)
    {
        var settings = new SiloSettings { Configuration = configuration };
        StartProblems problems = [.. SettingNames.Problems(configuration, arguments ?? []), .. OtlpSettings.Problems()];
        IConfiguration own = SettingNames.Own(configuration, problems);
        foreach (string section in SettingNames.Sections)
        {
            problems.AddRange(SettingBinder.Bind(own, section, typeof(SiloSettings).GetProperty(section)!.GetValue(settings)!).Select(problem => $"{problem}."));
        }

        settings.Lake.Folder ??= configuration["LAKE_DIR"] is { Length: > 0 } folder && settings.Lake.Store == LakeStoreKind.Folder ? folder : null;
        settings.Address = IPAddress.TryParse(settings.Silo.Address ?? "", out IPAddress? given) ? given
            : settings.Cluster.Kind == ClusteringKind.Localhost ? IPAddress.Loopback : OwnAddress.Find();
        settings.Check(problems, own);
        problems.AddRange(SiloConnectors.Problems(configuration));
        if (problems.Count > 0)
        {
            if (!problems.Exists(static problem => problem.StartsWith("Http:", StringComparison.Ordinal)))
            {
                // What is looked at later is reported with the rest.
                SiloChecks.CheckHttpAsync(settings, problems).GetAwaiter().GetResult();
            }

            problems.ThrowIfAny();
        }

        return settings;
    }

    // What is wrong with one setting beside another.
    private void Check(StartProblems problems, IConfiguration own)
    {
        bool isAzure = Lake.Store == LakeStoreKind.Azure, isPostgreSql = Cluster.Kind == ClusteringKind.PostgreSql;
        Add("Lake:Folder is missing: name the lake's folder (environment OrleansLake__Lake__Folder).",
            !isAzure && Lake.Folder is null && !problems.Exists(static one => one.Contains("Lake:Folder", StringComparison.Ordinal) || one.Contains("Lake__Folder", StringComparison.Ordinal) || one.StartsWith("LAKE_DIR", StringComparison.Ordinal)));
        AddUseless("Lake:Folder", "Lake:Store is azure, where the lake is in Lake:Container: leave it out.", isAzure);
        Add("Lake:ConnectionString is missing: give the storage account's connection string.", isAzure && Lake.ConnectionString is null);
        AddUseless("Lake:ConnectionString", "means nothing without Lake:Store azure: give both, or neither.", !isAzure);
        AddUseless("Lake:Container", "means nothing without Lake:Store azure: give both, or neither.", !isAzure);
        Add("Cluster:PostgreSql is missing: give the connection string of the membership database.", isPostgreSql && Cluster.PostgreSql is null);
        AddUseless("Cluster:PostgreSql", "means nothing without Cluster:Kind PostgreSql: give both, or neither.", !isPostgreSql);
        AddUseless("Cluster:PrimaryPort", "Cluster:Kind is PostgreSql, where the database keeps the list: leave it out.", isPostgreSql);
        Add($"Silo:Address is '{Silo.Address}', and silos of Cluster:Kind Localhost are on this machine only: leave it out, or give Cluster:Kind PostgreSql.", !isPostgreSql && !IPAddress.IsLoopback(Address));
        Add($"Silo:Port and Silo:GatewayPort are both {Silo.Port}: give two ports.", Silo.Port == Silo.GatewayPort);
        int[] httpPorts = [.. Http.Addresses.Select(PortOf).Where(static port => port > 0)];
        foreach ((string name, string? urls, string[] addresses) in ((string, string?, string[])[])[("Http:Urls", Http.Urls, Http.Addresses), ("Health:Urls", Health.Urls, Health.Addresses)])
        {
            Add($"{name} is '{urls}', which names no address: give one such as http://127.0.0.1:5080, or leave it out.", urls is { Length: > 0 } && addresses.Length == 0);
            foreach (string url in addresses)
            {
                int port = PortOf(url);
                Add($"{name} has {url}, and {(port == Silo.Port ? "Silo:Port" : "Silo:GatewayPort")} is {port}: give two ports.", port == Silo.Port || port == Silo.GatewayPort);
                Add($"{name} has {url}, and Http:Urls has that port as well: give two ports.", name == "Health:Urls" && httpPorts.Contains(port));
            }
        }

        // They hold passwords: the message names the fault, not the value.
        if (isAzure && Lake.ConnectionString is { } account && FaultOf(() => new BlobServiceClient(account)) is { } ofAccount)
        {
            problems.Add($"Lake:ConnectionString is not a storage account's connection string: {ofAccount}");
        }

        if (isPostgreSql && Cluster.PostgreSql is { } database && FaultOf(() => CheckDatabase(database)) is { } ofDatabase)
        {
            problems.Add($"Cluster:PostgreSql is not a connection string of PostgreSQL: {ofDatabase}");
        }

        // That its value is wrong, too, says nothing.
        void AddUseless(string name, string why, bool isSo)
        {
            if (isSo && own[name] is not null)
            {
                problems.RemoveAll(problem => problem.StartsWith($"{name} is ", StringComparison.Ordinal));
                problems.Add($"{name} is given, and {why}");
            }
        }

        void Add(string problem, bool isSo)
        {
            if (isSo)
            {
                problems.Add(problem);
            }
        }
    }

    private static int PortOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri.Port : 0;

    private static string? FaultOf(Func<object> use)
    {
        try
        {
            _ = use();
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return $"{e.Message.Split(" (Parameter", 2)[0].ReplaceLineEndings(" ")}{(e.InnerException is { } cause ? $" ({cause.Message.ReplaceLineEndings(" ")})" : "")}";
        }
    }

    private static string CheckDatabase(string postgreSql) =>
        new DbConnectionStringBuilder { ConnectionString = postgreSql }.Keys.Cast<string>().FirstOrDefault(static name => !new NpgsqlConnectionStringBuilder().ContainsKey(name)) is { } unknown
            ? throw new ArgumentException($"it has '{postgreSql.Substring(postgreSql.IndexOf(unknown, StringComparison.OrdinalIgnoreCase), unknown.Length)}', which is not known")
            : new NpgsqlConnectionStringBuilder(postgreSql).Host ?? throw new ArgumentException("It names no Host.");
}
