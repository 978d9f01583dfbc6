using System.Text;
using System.Text.Json;
using OrleansLake.Testing;
using RabbitMQ.Client;

namespace OrleansLake.Server.Tests.Sources;

public class RabbitSourceTests
{
    [RabbitFact]
    public async Task Deliveries_are_stored_once_though_the_server_dies_and_they_come_again()
    {
        const int Messages = 2000;
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false);
        for (int i = 0; i < Messages; i++)
        {
            string body = ServerUnderTest.Line($"m{i}") + (i % 100 == 0 ? "not json\n" : "");
            await channel.BasicPublishAsync("", "events", mandatory: true, new BasicProperties { MessageId = $"d{i}", Persistent = true }, Encoding.UTF8.GetBytes(body));
        }

        for (int deaths = 0; deaths < 2; deaths++)
        {
            // As a crash leaves it: deliveries that are stored and not acknowledged come again.
            using LakeProcess server = LakeProcess.Start(new LakeCall("serve", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0", "--no-fsync", "--source", broker.Address.AbsoluteUri));
            server.WaitUntil(one => one.ErrorSoFar.Contains("Reading the queue", StringComparison.Ordinal), "it reads the queue");
            server.Kill();
            server.Wait();
        }

        await using ServerUnderTest last = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with { Source = broker.Address });
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await channel.MessageCountAsync("events", timeout.Token) > 0 || (await Total(last)).GetProperty("bronze").GetInt32() < Messages)
        {
            await Task.Delay(20, timeout.Token);
        }

        // One that comes once more, under the same id.
        await channel.BasicPublishAsync("", "events", mandatory: true, new BasicProperties { MessageId = "d1", Persistent = true }, Encoding.UTF8.GetBytes(ServerUnderTest.Line("m1")));
        await channel.BasicPublishAsync("", "events", mandatory: true, new BasicProperties { MessageId = "end", Persistent = true }, Encoding.UTF8.GetBytes(ServerUnderTest.Line("end")));
        while ((await last.Http.GetAsync("/v1/messages/end", timeout.Token)).StatusCode != System.Net.HttpStatusCode.OK)
        {
            await Task.Delay(20, timeout.Token);
        }

        JsonElement total = await Total(last);
        Assert.Equal((Messages + 1, Messages / 100), (total.GetProperty("bronze").GetInt32(), total.GetProperty("rejected").GetInt32()));
    }

    private static async Task<JsonElement> Total(ServerUnderTest server) => (await server.GetJsonAsync("/v1/ledger")).GetProperty("total");
}
