using System.Globalization;
using System.Text;
using OrleansLake.Contracts;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using OrleansLake.TestSupport;
using RabbitMQ.Client;
using Xunit.Abstractions;

namespace OrleansLake.Silo.Tests;

/// <summary>
/// A queue that silos share, of which its broker delivers again what was not acknowledged: each delivery is stored once. The silos move as often as the
/// environment variable <c>ORLEANSLAKE_QUEUE_MOVES</c> says, or three times.
/// </summary>
public class QueueKillTests(ITestOutputHelper output)
{
    private const string Queue = "events";
    private const int LakePartitions = 4;
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);

    [QueueFact]
    public async Task What_a_silo_has_stored_and_could_not_acknowledge_is_stored_once_though_another_gets_it_again()
    {
        const int Deliveries = 500;
        using var folder = new ScratchFolder();
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using var proxy = new CuttingProxy(new Uri($"http://127.0.0.1:{broker.Port}"));
        await broker.DeclareAsync(Queue);
        await using SiloProcess deaf = Begin(folder, database, proxy.Address.Port);
        await using SiloProcess other = Begin(folder, database, broker.Port);
        await Task.WhenAll(deaf.SaidAsync($"Reading the queue '{Queue}'"), other.SaidAsync($"Reading the queue '{Queue}'"));
        await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();

        // From here on the broker hears nothing of one silo, so what that one acknowledges stays delivered to it.
        proxy.IsDeaf = true;
        await Task.WhenAll(Enumerable.Range(0, Deliveries).Select(number => PublishAsync(channel, number)));
        await UntilAsync(client, total => total.Bronze + total.Rejected == Deliveries, deaf, other);
        Assert.True(proxy.Lost > 1000, $"the silo has acknowledged little: {proxy.Lost} bytes");

        // Its partitions of the lake move to the other silo, as do its deliveries: what they know of these comes from the disk.
        await deaf.KillAsync();
        await PublishAsync(channel, Deliveries);
        await UntilAsync(client, static total => total.Bronze + total.Rejected > Deliveries, other);
        await StopAllAsync(channel, () => Begin(folder, database, broker.Port), other);
        AssertOnce(folder, Deliveries + 1);
    }

    [QueueFact]
    public async Task Deliveries_are_stored_once_while_the_silos_that_share_the_queue_are_killed_and_stopped()
    {
        int seed = Environment.TickCount;
        int moves = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSLAKE_QUEUE_MOVES"), CultureInfo.InvariantCulture, out int asked) ? asked : 3;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new ScratchFolder();
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await broker.DeclareAsync(Queue);
        var silos = new List<SiloProcess> { BeginOne(), BeginOne(), BeginOne() };
        using var end = new CancellationTokenSource();
        int published = 0;
        try
        {
            await Task.WhenAll(silos.Select(static silo => silo.SaidAsync($"Reading the queue '{Queue}'")));
            await using ClusterClient client = await ClusterClient.ConnectAsync(database.ConnectionString);
            Task publishing = Task.Run(PublishAllAsync);
            for (int move = 0; move < moves; move++)
            {
                int there = Volatile.Read(ref published) + 1;
                await UntilAsync(client, total => total.Bronze + total.Rejected >= there, [.. silos]);
                SiloProcess victim = silos[random.Next(silos.Count)];
                output.WriteLine($"{(move % 2 == 0 ? "kill" : "stop")} at {there}");
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
                silos.Add(BeginOne());
            }

            await end.CancelAsync();
            await publishing;
            await UntilAsync(client, total => total.Bronze + total.Rejected >= published, [.. silos]);
            await using IConnection connection = await broker.ConnectAsync();
            await using IChannel channel = await connection.CreateChannelAsync();
            await StopAllAsync(channel, BeginOne, [.. silos]);
        }
        finally
        {
            await end.CancelAsync();
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }

        AssertOnce(folder, published);

        SiloProcess BeginOne() => Begin(folder, database, broker.Port);

        async Task PublishAllAsync()
        {
            await using IConnection connection = await broker.ConnectAsync();
            await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
            while (!end.IsCancellationRequested)
            {
                await Task.WhenAll(Enumerable.Range(published, 10).Select(number => PublishAsync(channel, number)));
                Volatile.Write(ref published, published + 10);
                await Task.Delay(5, CancellationToken.None);
            }
        }
    }

    [RabbitFact]
    public async Task A_queue_whose_mapping_the_lake_does_not_have_is_left_to_others_until_it_has_it()
    {
        using var folder = new ScratchFolder();
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await broker.DeclareAsync(Queue);
        await broker.PublishAsync(Queue, """{"timestamp":"2024-12-16T10:00:00Z","id":"mapped"}""");
        string api = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.BeginAlone(folder["lake"], api, ("OrleansLake__Sources__0", $"rabbitmq://127.0.0.1:{broker.Port}/?queue={Queue}&mapping=one"));
        await silo.StartedAsync();
        await silo.SaidAsync("is to be read by the mapping one, which the lake does not have");
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        Assert.Equal((1u, 0u), (await channel.MessageCountAsync(Queue), await channel.ConsumerCountAsync(Queue)));
        using var http = new HttpClient { BaseAddress = new Uri(api) };
        using HttpResponseMessage set = await http.PutAsync("/v1/mappings/one", new StringContent("""{"fields":{"message_id":"id"}}""", Encoding.UTF8, "application/json"));
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        using var tooLong = new CancellationTokenSource(TooLong);
        while (true)
        {
            using HttpResponseMessage message = await http.GetAsync("/v1/messages/mapped", tooLong.Token);
            if (message.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(100, tooLong.Token);
        }
    }

    private static SiloProcess Begin(ScratchFolder folder, PostgreSqlServer database, int brokerPort) =>
        SiloProcess.Begin(folder["lake"], database.ConnectionString, LakePartitions, ("OrleansLake__Sources__0", $"rabbitmq://127.0.0.1:{brokerPort}/?queue={Queue}"));

    private static Task PublishAsync(IChannel channel, int number) => channel.BasicPublishAsync(
        "", Queue, mandatory: true, new BasicProperties { MessageId = $"d{number}", Persistent = true },
        Encoding.UTF8.GetBytes(IsPoison(number) ? $"not json {number}"
            : $$"""{"timestamp":"2024-12-16T10:00:00Z","event_type":"OPEN","message_id":"{{IdOf(number)}}","channel":"EMAIL","user_id":1}""")).AsTask();

    private static bool IsPoison(int number) => number % 10 == 3;

    private static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"m{number:D7}");

    private static async Task UntilAsync(ClusterClient client, Func<LedgerCounts, bool> isSo, params SiloProcess[] silos)
    {
        using var tooLong = new CancellationTokenSource(TooLong);
        LedgerCounts? total = null;
        while (true)
        {
            Assert.False(tooLong.IsCancellationRequested, $"{total}\n{string.Join("\n\n", silos.Select(static silo => silo.Output))}");
            try
            {
                LedgerResponse ledger = await client.Gateway.GetLedgerAsync();
                total = ledger.ToLedger().Total;
                if (isSo(total.Value))
                {
                    return;
                }
            }
            catch (Exception e) when (Retries.IsTransient(e, CancellationToken.None) || e is Orleans.Runtime.OrleansException)
            {
                // A silo has just died.
            }

            await Task.Delay(100);
        }
    }

    // What they had not acknowledged when they ended is in the queue again, so one more silo reads it, until nothing is left.
    private static async Task StopAllAsync(IChannel channel, Func<SiloProcess> begin, params SiloProcess[] silos)
    {
        await Task.WhenAll(silos.Select(static silo => silo.StartedAsync()));
        Assert.All(await Task.WhenAll(silos.Select(static silo => silo.TerminateAsync())), static code => Assert.Equal(0, code));
        using var tooLong = new CancellationTokenSource(TooLong);
        while (await channel.MessageCountAsync(Queue, tooLong.Token) > 0)
        {
            await using SiloProcess next = begin();
            while (await channel.MessageCountAsync(Queue, tooLong.Token) > 0)
            {
                await Task.Delay(100, tooLong.Token);
            }

            await next.StartedAsync();
            Assert.Equal(0, await next.TerminateAsync());
        }
    }

    private static void AssertOnce(ScratchFolder folder, int deliveries)
    {
        Assert.Equal(Enumerable.Range(0, deliveries).Where(static number => !IsPoison(number)).Select(IdOf), BronzeRecords.IdsOf(folder["lake"]));
        Assert.Equal(Enumerable.Range(0, deliveries).Count(IsPoison), LakeReader.Open(folder["lake"]).Quarantine().Count());
        Assert.All(LakeReader.Open(folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));
    }
}
