using Microsoft.Extensions.Configuration;
using OrleansLake.Testing;

namespace OrleansLake.Silo.Tests;

public class SettingsTests
{
    [Fact]
    public void Every_problem_is_told_at_once_and_before_anything_starts()
    {
        SiloSettingsException e = Assert.Throws<SiloSettingsException>(() => SiloSettings.Read(With(("Cluster:Kind", "PostgreSql"), ("Silo:Port", "x"), ("Lake:Partitions", "0"))));
        Assert.Equal(
            ["Lake:Folder", "Cluster:PostgreSql", "Lake:Partitions", "Silo:Port"],
            e.Message.Split(Environment.NewLine).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_folder_is_all_that_a_first_silo_needs()
    {
        SiloSettings settings = SiloSettings.Read(With(("Lake:Folder", "/lake")));
        Assert.Equal(("/lake", ClusteringKind.Localhost, 11111, 30000), (settings.Folder, settings.Clustering, settings.SiloPort, settings.GatewayPort));
    }

    [Fact]
    public void A_lake_in_a_container_needs_a_connection_string_and_no_folder()
    {
        SiloSettingsException e = Assert.Throws<SiloSettingsException>(() => SiloSettings.Read(With(("Lake:Store", "azure"))));
        Assert.StartsWith("Lake:ConnectionString", e.Message, StringComparison.Ordinal);
        SiloSettings settings = SiloSettings.Read(With(("Lake:Store", "azure"), ("Lake:ConnectionString", "UseDevelopmentStorage=true"), ("Lake:Container", "events")));
        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1/events", settings.OpenStore().Location);
        Assert.StartsWith("Lake:Store", Assert.Throws<SiloSettingsException>(() => SiloSettings.Read(With(("Lake:Store", "tape"), ("Lake:Folder", "/lake")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_is_stopped_while_it_waits_for_the_first_one_says_so_in_a_line()
    {
        using var lake = new ScratchFolder();
        await using SiloProcess silo = SiloProcess.Begin(new Dictionary<string, string>
        {
            ["Lake__Folder"] = lake["lake"],
            ["Silo__Port"] = $"{PostgreSqlServer.FreePort()}",
            ["Silo__GatewayPort"] = $"{PostgreSqlServer.FreePort()}",
            ["Cluster__PrimaryPort"] = $"{PostgreSqlServer.FreePort()}",
        });
        for (int tries = 0; tries < 600 && !silo.Output.Contains("Unable to connect", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(100);
        }

        Assert.Equal(130, await silo.TerminateAsync());
        Assert.Contains("The silo was stopped before it had joined the others.", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", silo.Output, StringComparison.Ordinal);
    }

    private static IConfiguration With(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
