using System.Text;
using OrleansLake.Client;
using OrleansLake.Client.Orleans;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.TestSupport;
using Xunit.Abstractions;
using SendStatus = OrleansLake.Client.SendStatus;

namespace OrleansLake.Silo.Tests;

/// <summary>Records of topics that are sent to silos that are killed: each is stored once.</summary>
public class TopicKillTests(ITestOutputHelper output)
{
    private const int TopicPartitions = 3;
    private const int RecordsEach = 2_000;

    [PostgreSqlFact]
    public async Task Records_of_topics_are_stored_once_while_silos_are_killed_and_senders_begin_again()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new ScratchFolder();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        var silos = new List<SiloProcess> { Begin(), Begin(), Begin() };
        try
        {
            await Task.WhenAll(silos.Select(static silo => silo.StartedAsync()));
            await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
            var sent = new long[TopicPartitions];
            Task[] senders = [.. Enumerable.Range(0, TopicPartitions).Select(partition => Task.Run(() => RunAsync(client, partition, sent, new Random(seed + partition))))];
            for (int kill = 1; kill <= 2; kill++)
            {
                while (sent.Sum() < kill * TopicPartitions * RecordsEach / 3)
                {
                    Assert.False(Array.Exists(senders, static sender => sender.IsFaulted), "a sender failed");
                    await Task.Delay(10);
                }

                SiloProcess victim = silos[random.Next(silos.Count)];
                output.WriteLine($"kill {kill} at {sent.Sum()} records");
                await victim.KillAsync();
                silos.Remove(victim);
                silos.Add(Begin());
            }

            await Task.WhenAll(senders);
            await Retries.RunAsync(() => client.Gateway.CommitAsync());
            Assert.Equal(TopicPartitions * RecordsEach, (await Retries.RunAsync(() => client.Gateway.GetReportAsync("report1"))).ToTable().GrandTotal);
        }
        finally
        {
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }

        Assert.Equal(
            Enumerable.Range(0, TopicPartitions).SelectMany(static partition => Enumerable.Range(0, RecordsEach).Select(offset => ($"kafka:messages/{partition}", (long)offset))),
            BronzeRecords.Of(folder["lake"]));
        Assert.All(LakeReader.Open(folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));

        SiloProcess Begin() => SiloProcess.Begin(folder["lake"], database.ConnectionString, 4, ("Lake__Keep", "Source"));
    }

    // Of a few batches each asks the lake where to read on, as one that was started again does, and knows nothing of what became of its last one.
    private static async Task RunAsync(ClusterClient client, int partition, long[] sent, Random random)
    {
        var topics = new GrainTopicLake(client.Grains);
        while (true)
        {
            long from = (await topics.GetPositionsAsync()).SingleOrDefault(one => one.Partition == partition)?.NextOffset ?? 0;
            Volatile.Write(ref sent[partition], from);
            for (int batches = random.Next(1, 6); batches > 0 && from < RecordsEach; batches--)
            {
                int to = Math.Min(RecordsEach, (int)from + random.Next(1, 60));
                if ((await SendAsync(topics, partition, (int)from, to)).Status != SendStatus.Stored)
                {
                    break;
                }

                from = to;
            }

            if (from == RecordsEach)
            {
                return;
            }
        }
    }

    private static async Task<SendResult> SendAsync(GrainTopicLake topics, int partition, int from, int to)
    {
        TopicRecord[] records = [.. Enumerable.Range(from, to - from).Select(offset => new TopicRecord(offset, Encoding.UTF8.GetBytes(
            $$"""{"timestamp":"2024-12-16T10:00:00Z","event_type":"OPEN","message_id":"{{partition}}-{{offset}}","channel":"EMAIL","user_id":{{offset}}}""")))];
        try
        {
            return await topics.SendAsync(new TopicBatch("kafka:cluster:messages", partition, records, to) { Name = $"kafka:messages/{partition}" });
        }
        catch (LakeClientException e)
        {
            return new SendResult { Status = SendStatus.TryAgain, Detail = e.Message };
        }
    }
}
