using System.Text;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Sources.RabbitMq;
using OrleansLake.TestSupport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrleansLake.Server.Tests.Sources;

public class RabbitStreamTests
{
    [RabbitFact]
    public async Task Each_record_of_a_stream_is_stored_once_though_the_server_is_killed_and_the_broker_too()
    {
        const int Records = 6_000;
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await broker.DeclareStreamAsync("events", 100_000_000);
        string[] lines = [.. Enumerable.Range(0, Records).Select(static i => ServerUnderTest.Line($"m{i}"))];
        Task publishing = Task.Run(async () =>
        {
            foreach (string[] some in lines.Chunk(300))
            {
                await broker.PublishAsync("events", some);
                await Task.Delay(50);
            }
        });
        for (int deaths = 0; deaths < 3; deaths++)
        {
            using LakeProcess server = LakeProcess.Start(new LakeCall("serve", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0", "--partitions", "3", "--source", broker.StreamAddress("events")));
            server.WaitUntil(one => one.ErrorSoFar.Contains("Reading 1 partitions of the stream 'events'", StringComparison.Ordinal), "it reads the stream");
            await Task.Delay(300 + (deaths * 300));
            server.Kill();
            server.Wait();
        }

        await publishing;
        await using ServerUnderTest last = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.StreamAddress("events")) });
        await Eventually.HoldsAsync(() => Total(last, "deduplicated") == Records, "all are stored");

        // Its connections break, and it reads on where it was.
        await broker.RestartAsync();
        await Eventually.HoldsAsync(() => IsPublished(broker), "the stream is there, some moments after the broker");
        await Eventually.HoldsAsync(() => last.Http.GetAsync("/v1/messages/after").Result.IsSuccessStatusCode, "it reads on");
        Assert.Equal((Records + 1, 0), (Total(last, "bronze"), Total(last, "rejected")));
    }

    private static bool IsPublished(RabbitBroker broker)
    {
        try
        {
            broker.PublishAsync("events", ServerUnderTest.Line("after")).GetAwaiter().GetResult();
            return true;
        }
        catch (PublishException)
        {
            return false;
        }
    }

    [RabbitFact]
    public async Task What_a_record_has_beside_its_body_is_kept_and_what_is_packed_is_unpacked()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await broker.DeclareStreamAsync("events", 100_000_000);
        await using (IConnection connection = await broker.ConnectAsync())
        await using (IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)))
        {
            var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["trace"] = "a1" }, ContentEncoding = "gzip" };
            await channel.BasicPublishAsync("", "events", mandatory: true, properties, Pack(ServerUnderTest.Line("a").Trim()[..^1] + ",\"plan\":\"gold\"}"));
            await channel.BasicPublishAsync("", "events", mandatory: true, new BasicProperties { ContentType = "text/csv" }, "a,b"u8.ToArray());
        }

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            options => options.Keep = KeptFields.Attributes | KeptFields.Source, settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.StreamAddress("events")) });
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/a").Result.IsSuccessStatusCode && Total(server, "rejected") == 1, "both are stored");
        JsonElement copy = (await server.GetJsonAsync("/v1/messages/a")).GetProperty("copies")[0];
        JsonElement attributes = copy.GetProperty("attributes");
        Assert.Equal(
            ("gold", "events", "a1", "rabbitmq:events/0", 0),
            (attributes.GetProperty("plan").GetString(), attributes.GetProperty("_key").GetString(), attributes.GetProperty("_headers").GetProperty("trace").GetString(), copy.GetProperty("source").GetString(), copy.GetProperty("source_offset").GetInt32()));
        JsonElement rejected = (await server.GetJsonAsync("/v1/quarantine")).GetProperty("records")[0];
        Assert.Contains("'text/csv'", rejected.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [RabbitFact]
    public async Task A_stream_that_was_made_again_stops_and_is_read_from_its_begin_where_an_operator_says_so()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await broker.DeclareStreamAsync("events", 100_000_000);
        await broker.PublishAsync("events", ServerUnderTest.Line("a"), ServerUnderTest.Line("b"));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.StreamAddress("events")) });
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/b").Result.IsSuccessStatusCode, "both are stored");
        await broker.DeleteAsync("events");
        await broker.DeclareStreamAsync("events", 100_000_000);
        await broker.PublishAsync("events", ServerUnderTest.Line("new"));
        HttpLakeClient client = server.NewClient();
        await Eventually.HoldsAsync(
            () => client.GetSourcesAsync().Result.Single().Partitions is [{ Stopped: { } reason }] && reason.Contains("it ends at offset 1, but was read up to 2: the topic was made again", StringComparison.Ordinal), "it is stopped");
        SourceMove move = (await client.SeekAsync(new SourceSeek("rabbitmq:events") { Place = SourcePlace.Earliest })).Single();
        Assert.Equal((2, 0), (move.From, move.To));
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/new").Result.IsSuccessStatusCode, "it is read from its begin");
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static int Total(ServerUnderTest server, string name) => server.GetJsonAsync("/v1/ledger").Result.GetProperty("total").GetProperty(name).GetInt32();
}
