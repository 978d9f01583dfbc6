using Azure.Data.Tables;
using OrleansLake.Connectors;
using OrleansLake.Server;
using OrleansLake.Server.Sinks;
using OrleansLake.Sinks.Kafka;
using OrleansLake.Sinks.PostgreSql;

namespace OrleansLake.Silo;

/// <summary>The sinks of a silo, <c>OrleansLake:Sinks</c>: what they are, and what keeps how far they are.</summary>
internal static class SiloSinks
{
    /// <summary>The setting's name, of which each sink has a number.</summary>
    internal const string Setting = $"{OrleansLakeServices.Section}:{nameof(LakeServerOptions.Sinks)}";

    /// <summary>Returns whether there are any: without them nothing is to be stored of grains.</summary>
    internal static bool AreGiven(SiloSettings settings) => settings.Configuration.GetSection(Setting).GetChildren().Any();

    /// <summary>Lets the settings name sinks of every kind that this program has.</summary>
    internal static IServiceCollection AddSinks(IServiceCollection services) => services.AddPostgreSqlSinks().AddKafkaSinks();

    /// <summary>Returns what is wrong with them, as far as their addresses say.</summary>
    /// <remarks>What is wrong with the list itself is found with the other options of the server.</remarks>
    internal static IEnumerable<string> Problems(IConfiguration configuration) =>
        from one in configuration.GetSection(Setting).GetChildren()
        where one.Value is not null
        let problem = ReportSinkAddress.FaultOf(AddSinks(new ServiceCollection()), one.Value!, one.Path)
        where problem is not null
        select problem;

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
