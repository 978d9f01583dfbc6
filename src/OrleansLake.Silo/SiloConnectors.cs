using Azure.Data.Tables;
using OrleansLake.Client;
using OrleansLake.Connectors;
using OrleansLake.Server.Connectors;
using OrleansLake.Server.Sinks;
using OrleansLake.Server.Sources;
using OrleansLake.Sinks.Kafka;
using OrleansLake.Sinks.PostgreSql;
using OrleansLake.Sources.Kafka;
using OrleansLake.Sources.RabbitMq;

namespace OrleansLake.Silo;

/// <summary>The sources and the sinks of a silo, <c>OrleansLake:Sources</c> and <c>OrleansLake:Sinks</c>: what they are, and what keeps how far they are.</summary>
internal static class SiloConnectors
{
    /// <summary>Gets the settings of which each source or sink has a number, with what they say.</summary>
    internal static IReadOnlyList<(string Name, string Help)> Help { get; } =
    [
        ($"{SourceCatalog.Words.Setting}:0", "topics and queues that are read: kafka://..., rabbitmq://...?stream=... or ?queue=..."),
        ($"{SinkCatalog.Words.Setting}:0", "a place that the reports are written to: postgresql://..., kafka://..."),
    ];

    /// <summary>Returns whether there are any that grains read or write: else nothing is to be stored of grains, and a silo with queues alone needs no tables for it.</summary>
    internal static bool HaveGrains(SiloSettings settings) =>
        HaveGrains<ITopicSource>(settings.Configuration, SourceCatalog.Words) || HaveGrains<IReportSink>(settings.Configuration, SinkCatalog.Words);

    /// <summary>Lets the settings name sources and sinks of every kind that this program has.</summary>
    internal static IServiceCollection AddKinds(IServiceCollection services) => services.AddKafkaSources().AddRabbitMqSources().AddPostgreSqlSinks().AddKafkaSinks();

    /// <summary>Returns what is wrong with them, as far as their addresses say.</summary>
    /// <remarks>What is wrong with the lists themselves is found with the other options of the server.</remarks>
    internal static IEnumerable<string> Problems(IConfiguration configuration) =>
        Problems<ITopicSource>(configuration, SourceCatalog.Words).Concat(Problems<IReportSink>(configuration, SinkCatalog.Words));

    private static IEnumerable<string> Problems<T>(IConfiguration configuration, ConnectorWords words) =>
        from one in configuration.GetSection(words.Setting).GetChildren()
        where one.Value is not null
        let problem = ConnectorAddresses.FaultOf<T>(AddKinds(new ServiceCollection()), one.Value!, one.Path, words)
        where problem is not null
        select problem;

    private static bool HaveGrains<T>(IConfiguration configuration, ConnectorWords words) => configuration.GetSection(words.Setting).GetChildren()
        .Any(one => one.Value is null || ConnectorAddresses.IsPlaced<T>(AddKinds(new ServiceCollection()), one.Value, words));

    /// <summary>
    /// Puts them on the silo. Where the lake is in a storage account, its tables keep how far they are, and the reminders; else the database that
    /// keeps the list of silos; in development, where one silo keeps the list, that silo's memory.
    /// </summary>
    internal static void AddTo(ISiloBuilder silo, SiloSettings settings)
    {
        silo.AddLakeConnectors();
        if (settings.Lake.Store == LakeStoreKind.Azure)
        {
            var tables = new TableServiceClient(settings.Lake.ConnectionString);
            silo.AddAzureTableGrainStorage(LakeConnectors.Storage, options => options.TableServiceClient = tables);
            silo.UseAzureTableReminderService(options => options.Configure(azure => azure.TableServiceClient = tables));
        }
        else if (settings.Cluster.Kind == ClusteringKind.PostgreSql)
        {
            silo.AddAdoNetGrainStorage(LakeConnectors.Storage, options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = settings.Cluster.PostgreSql!;
            });
            silo.UseAdoNetReminderService(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = settings.Cluster.PostgreSql!;
            });
        }
        else
        {
            silo.AddMemoryGrainStorage(LakeConnectors.Storage);
            silo.UseInMemoryReminderService();
        }
    }
}
