using Microsoft.Extensions.Configuration;

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

    private static IConfiguration With(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
