using System.Globalization;
using System.Text;
using Confluent.Kafka;
using OrleansLake.Client;
using OrleansLake.Client.Orleans;
using OrleansLake.Contracts;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Silo.Tests;

/// <summary>
/// A topic that silos read together while they are killed and stopped: each record is stored once. As often as the environment variable
/// <c>ORLEANSLAKE_SOURCE_MOVES</c> says, or five times.
/// </summary>
public class SourceKillTests(ITestOutputHelper output)
{
    private const string Topic = "messages";
    private const int TopicPartitions = 4;

    [PostgreSqlFact]
    public async Task Records_are_stored_once_while_the_silos_that_read_them_are_killed_and_stopped()
    {
        int seed = Environment.TickCount;
        int moves = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSLAKE_SOURCE_MOVES"), CultureInfo.InvariantCulture, out int asked) ? asked : 5;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new ScratchFolder();
        using var kafka = new KafkaCluster(lingerMs: 20);
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var silos = new List<SiloProcess> { Begin(), Begin(), Begin() };
        long[] ends = new long[TopicPartitions];
        using var end = new CancellationTokenSource();
        try
        {
            await Task.WhenAll(silos.Select(static silo => silo.StartedAsync()));
            await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
            var lake = new GrainTopicLake(client.Grains);
            Task publishing = Task.Run(() => PublishAsync(kafka, ends, end.Token));
            for (int move = 0; move < moves; move++)
            {
                // What is there by now, of each partition, and one more.
                long[] there = [.. ends.Select((_, partition) => Volatile.Read(ref ends[partition]) + 1)];
                await UntilReadAsync(lake, there, silos);
                SiloProcess victim = silos[random.Next(silos.Count)];
                output.WriteLine($"{(move % 2 == 0 ? "kill" : "stop")} at {string.Join(' ', there)}");
                if (move % 2 == 0)
                {
                    await victim.KillAsync();
                }
                else
                {
                    await victim.StartedAsync();
                    Assert.Equal(0, await victim.TerminateAsync());
                }

                await victim.DisposeAsync();
                silos.Remove(victim);
                silos.Add(Begin());
            }

            await end.CancelAsync();
            await publishing;
            await UntilReadAsync(lake, ends, silos);
            await Retries.RunAsync(() => client.Gateway.CommitAsync());
        }
        finally
        {
            await end.CancelAsync();
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }

        Assert.Equal(
            ends.SelectMany(static (end, partition) => Enumerable.Range(0, (int)end).Select(offset => ($"kafka:{Topic}/{partition}", (long)offset))),
            BronzeRecords.Of(folder["lake"]));
        Assert.All(LakeReader.Open(folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));

        SiloProcess Begin() => SiloProcess.Begin(folder["lake"], database.ConnectionString, 4, ("Lake__Keep", "Source"), ("OrleansLake__Sources__0", kafka.Address(Topic, "cluster=here")));
    }

    private static async Task PublishAsync(KafkaCluster kafka, long[] ends, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            for (int partition = 0; partition < TopicPartitions; partition++)
            {
                kafka.Publish(Topic, partition, new Message<byte[]?, byte[]?>
                {
                    Value = Encoding.UTF8.GetBytes($$"""{"timestamp":"2024-12-16T10:00:00Z","event_type":"OPEN","message_id":"{{partition}}-{{ends[partition]}}","channel":"EMAIL","user_id":1}"""),
                });
                Interlocked.Increment(ref ends[partition]);
            }

            await Task.Delay(2, CancellationToken.None);
        }

        kafka.Flush();
    }

    private static async Task UntilReadAsync(GrainTopicLake lake, long[] there, List<SiloProcess> silos)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        IReadOnlyList<TopicPosition> positions = [];
        while (true)
        {
            Assert.False(tooLong.IsCancellationRequested, $"{string.Join(", ", positions)} is not {string.Join(' ', there)}\n{string.Join("\n\n", silos.Select(static silo => silo.Output))}");
            try
            {
                positions = await lake.GetPositionsAsync();
                if (positions.Count == TopicPartitions && positions.All(one => one.NextOffset >= there[one.Partition]))
                {
                    return;
                }
            }
            catch (LakeClientException)
            {
                // A silo has just died.
            }

            await Task.Delay(100);
        }
    }
}
