using System.Globalization;
using System.Text;
using OrleansLake.Contracts;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>A topic that comes in and reports that go out as topics, on silos whose lake, grain storage and reminders are in a storage account.</summary>
public class AzureConnectorTests
{
    private static readonly TimeSpan UpdateMax = TimeSpan.FromMinutes(2);

    [ComposeFact]
    public async Task A_topic_is_read_and_reports_are_written_on_though_each_silo_dies_in_turn()
    {
        using AzuriteServer blobs = AzuriteServer.Start();
        using AzuriteServer tables = AzuriteServer.StartTables();
        string account = blobs.ConnectionString + tables.TablesConnectionString[tables.TablesConnectionString.IndexOf("TableEndpoint", StringComparison.Ordinal)..];
        using var kafka = new KafkaCluster(lingerMs: 20);
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var silos = new List<SiloProcess> { Begin(), Begin() };
        try
        {
            await Task.WhenAll(silos.Select(static silo => silo.StartedAsync()));
            await PublishAsync(0);
            for (int death = 1; death <= 2; death++)
            {
                // The grains of source and sink are on either of them, and come again where the other one is: by their reminders.
                await silos[0].KillAsync();
                await silos[0].DisposeAsync();
                silos.RemoveAt(0);
                await PublishAsync(death);
                silos.Add(Begin());
                await silos[1].StartedAsync();
            }
        }
        finally
        {
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }

        async Task PublishAsync(int round)
        {
            foreach (IGrouping<int, int> numbers in Enumerable.Range(0, 200).GroupBy(static i => i % 4))
            {
                kafka.Publish("messages", numbers.Key, [.. numbers.Select(i => string.Create(
                    CultureInfo.InvariantCulture, $$"""{"timestamp":"2024-11-15T12:00:00Z","event_type":"SENT","message_id":"m{{round}}-{{i}}","channel":"SMS","user_id":{{i}}}"""))]);
            }

            string all = string.Create(CultureInfo.InvariantCulture, $"\"deduplicated\":{(round + 1) * 200}");
            using var tooLong = new CancellationTokenSource(UpdateMax);
            while (!kafka.Read("reports.ledger").Any(record => Encoding.UTF8.GetString(record.Value ?? []).Contains(all, StringComparison.Ordinal)))
            {
                Assert.False(tooLong.IsCancellationRequested, $"no {all} in {Ledger()}\n{string.Join("\n\n", silos.Select(static silo => silo.Output))}");
                await Task.Delay(200);
            }

            // A record more would be a row more.
            Assert.DoesNotContain($"\"bronze\":{((round + 1) * 200) + 1}", Ledger(), StringComparison.Ordinal);
        }

        string Ledger() => Encoding.UTF8.GetString(kafka.Read("reports.ledger").LastOrDefault()?.Value ?? []);

        SiloProcess Begin() => SiloProcess.Begin(
            database.ConnectionString, 4, ("Lake__Store", "azure"), ("Lake__ConnectionString", account),
            ("OrleansLake__Sources__0", kafka.Address("messages", "cluster=here")), ("OrleansLake__Sinks__0", kafka.Address("reports")));
    }
}
