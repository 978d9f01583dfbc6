using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Sources.Kafka;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sources;

public class KafkaSourceTests
{
    // As often as ORLEANSLAKE_SERVE_KILLS says, or five times; bench/long-runs.sh has it 100 times.
    [Fact]
    public async Task Each_record_is_stored_once_though_the_server_is_killed_while_they_come()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSLAKE_SERVE_KILLS"), CultureInfo.InvariantCulture, out int asked) ? asked : 5;
        const int Partitions = 4;
        using var kafka = new KafkaCluster(lingerMs: 20);
        using var scratch = new ScratchFolder();
        int records = 0;
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; await Task.Delay(20))
            {
                for (int end = records + 100; records < end; records++)
                {
                    kafka.Publish("messages", records % Partitions, new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes(ServerUnderTest.Line($"m{records}").Trim()) });
                }
            }

            kafka.Flush();
        });
        for (int deaths = 0; deaths < kills; deaths++)
        {
            using LakeProcess server = LakeProcess.Start(new LakeCall(
                "serve", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0", "--partitions", "3", "--keep", "source", "--source", kafka.Address("messages")));
            server.WaitUntil(one => one.ErrorSoFar.Contains("partitions of the topic 'messages'", StringComparison.Ordinal), "it reads the topic");
            await Task.Delay(300 + (deaths % 5 * 150));
            server.Kill();
            server.Wait();
        }

        await stop.CancelAsync();
        await publishing;
        await using (ServerUnderTest last = await StartAsync(scratch, kafka.Address("messages")))
        {
            await Eventually.HoldsAsync(() => Total(last, "deduplicated") == records, "all are stored");
            Assert.Equal((records, 0), (Total(last, "bronze"), Total(last, "rejected")));
            await last.StopAsync();
        }

        IEnumerable<(string, long)> published = Enumerable.Range(0, Partitions)
            .SelectMany(partition => Enumerable.Range(0, ((records - partition - 1) / Partitions) + 1).Select(offset => ($"kafka:messages/{partition}", (long)offset)));
        Assert.Equal(published, BronzeRecords.Of(scratch["lake"]));
    }

    [Fact]
    public async Task Keys_and_headers_are_kept_and_what_is_no_message_is_in_quarantine_with_its_place()
    {
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        var headers = new Headers { { "trace", "a1"u8.ToArray() }, { "n", [0xff] }, { "trace", "a2"u8.ToArray() } };
        kafka.Publish("messages", 2, new Message<byte[]?, byte[]?> { Key = "order-7"u8.ToArray(), Headers = headers, Value = Encoding.UTF8.GetBytes(ServerUnderTest.Line("a").Trim()[..^1] + ",\"plan\":\"gold\"}") });
        kafka.Publish("messages", 2, new Message<byte[]?, byte[]?> { Key = "order-8"u8.ToArray(), Value = null });
        kafka.Publish("messages", 2, new Message<byte[]?, byte[]?> { Key = "order-9"u8.ToArray(), Value = "not json"u8.ToArray() });
        kafka.Publish("messages", 2, ServerUnderTest.Line("b"));
        await using ServerUnderTest server = await StartAsync(scratch, kafka.Address("messages"), options => options.Keep = KeptFields.Attributes | KeptFields.Source);
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/b").Result.IsSuccessStatusCode, "the last is shown");
        JsonElement first = (await server.GetJsonAsync("/v1/messages/a")).GetProperty("copies")[0];
        Assert.Equal(
            ("""{"plan":"gold","_key":"order-7","_headers":{"trace":["a1","a2"],"n":{"base64":"/w=="}}}""", "kafka:messages/2", 0),
            (first.GetProperty("attributes").GetRawText(), first.GetProperty("source").GetString(), first.GetProperty("source_offset").GetInt32()));
        Assert.Equal(3, (await server.GetJsonAsync("/v1/messages/b")).GetProperty("copies")[0].GetProperty("source_offset").GetInt32());
        JsonElement rejected = (await server.GetJsonAsync("/v1/quarantine")).GetProperty("records")[0];
        Assert.Equal(("kafka:messages/2", 2), (rejected.GetProperty("source").GetString(), rejected.GetProperty("record").GetInt32()));
        Assert.Contains("order-9", rejected.GetProperty("detail").GetString(), StringComparison.Ordinal);
        string metrics = await server.Http.GetStringAsync("/metrics");
        Assert.Contains("orleanslake_source_lag{source=\"kafka:messages\",partition=\"2\"} 0", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_of_a_pattern_are_read_from_the_time_they_are_there_each_by_its_mapping()
    {
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        kafka.Publish("events-a", 0, """{"timestamp":"2024-12-16T10:00:00Z","id":"one"}""");
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            await server.NewClient().SetMappingAsync("by_id", """{"fields":{"message_id":"id"}}""");
        }

        await using ServerUnderTest again = await StartAsync(scratch, kafka.Address("^events-.*", "mapping=by_id"));
        await Eventually.HoldsAsync(() => again.Http.GetAsync("/v1/messages/one").Result.IsSuccessStatusCode, "the first topic is read");
        kafka.Publish("events-b", 3, """{"timestamp":"2024-12-16T10:00:00Z","id":"two"}""");
        await Eventually.HoldsAsync(() => again.Http.GetAsync("/v1/messages/two").Result.IsSuccessStatusCode, "the second topic is read");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("skip")]
    public async Task Records_that_are_gone_before_they_were_read_stop_the_partition_or_are_passed_over_as_asked(string gap)
    {
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        kafka.Publish("messages", 0, ServerUnderTest.Line("first"));
        await using (ServerUnderTest server = await StartAsync(scratch, kafka.Address("messages", "start=earliest")))
        {
            await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/first").Result.IsSuccessStatusCode, "the first is shown");
            await server.StopAsync();
        }

        // More than the cluster keeps of a partition.
        string filler = new(' ', 900_000);
        for (int i = 0; i < 12; i++)
        {
            kafka.Publish("messages", 0, ServerUnderTest.Line($"m{i}").Trim() + filler);
        }

        kafka.Publish("messages", 1, ServerUnderTest.Line("other"));
        var log = new LogLines();
        await using ServerUnderTest again = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with
        {
            LogLevel = LogLevel.Warning,
            AddServices = services => { services.AddSingleton<ILoggerProvider>(log); services.AddKafkaSource(kafka.Address("messages", $"gap={gap}")); },
        });
        await Eventually.HoldsAsync(() => again.Http.GetAsync("/v1/messages/other").Result.IsSuccessStatusCode, "the other partition is read");
        await Eventually.HoldsAsync(() => string.Join('\n', log.Lines).Contains("the broker has deleted the records from offset 1 to ", StringComparison.Ordinal), "the gap is named");
        if (gap == "skip")
        {
            await Eventually.HoldsAsync(() => again.Http.GetAsync("/v1/messages/m11").Result.IsSuccessStatusCode, "the last is shown");
            Assert.Contains("orleanslake_source_gaps_total{source=\"kafka:messages\"}", await again.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("`lake source seek kafka:messages earliest --partition 0` reads on from offset", string.Join('\n', log.Lines), StringComparison.Ordinal);
            Assert.False((await again.Http.GetAsync("/v1/messages/m11")).IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task What_was_stored_is_committed_to_a_group_and_latest_begins_at_the_end_that_was_there()
    {
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        kafka.Publish("messages", 1, ServerUnderTest.Line("before"));
        string address = kafka.Address("messages", "start=latest&group=lake");
        await using (ServerUnderTest server = await StartAsync(scratch, address))
        {
            await Eventually.HoldsAsync(() => server.Http.GetStringAsync("/metrics").Result.Contains("partition=\"1\"", StringComparison.Ordinal), "it is read");
        }

        // While nothing runs: from where it was the end, not from where it is now.
        kafka.Publish("messages", 1, ServerUnderTest.Line("between"));
        await using (ServerUnderTest server = await StartAsync(scratch, address))
        {
            await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/between").Result.IsSuccessStatusCode, "what came between is read");
            Assert.Equal(1, Total(server, "bronze"));
            await server.StopAsync();
        }

        var config = new ConsumerConfig { BootstrapServers = kafka.Brokers, GroupId = "lake" };
        using IConsumer<Ignore, Ignore> tool = new ConsumerBuilder<Ignore, Ignore>(config).Build();
        Assert.Equal(2, tool.Committed([new TopicPartition("messages", 1)], TimeSpan.FromSeconds(30))[0].Offset.Value);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_and_a_topic_that_is_not_there_are_said_in_one_line_and_the_server_runs_on()
    {
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        var log = new LogLines();
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with
        {
            LogLevel = LogLevel.Warning,
            AddServices = services =>
            {
                services.AddSingleton<ILoggerProvider>(log);
                services.AddKafkaSource("kafka://localhost:1/messages");
                services.AddKafkaSource(kafka.Address("later"));
            },
        });
        await Eventually.HoldsAsync(() => string.Join('\n', log.Lines).Contains("Not reading the topic 'messages' at localhost:1: ", StringComparison.Ordinal), "the cluster is missed");
        await Task.Delay(2000);
        Assert.Contains("no broker answers at localhost:1: nothing listens there, or it does not speak Kafka", Assert.Single(log.Lines, static line => line.Contains("at localhost:1: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => string.Join('\n', log.Lines).Contains($"there is no topic 'later' at {kafka.Brokers}; it is read once there is one", StringComparison.Ordinal), "the topic is missed");
        kafka.Publish("later", 0, ServerUnderTest.Line("a"));
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/a").Result.IsSuccessStatusCode, "the topic is read once it is there");
        ServeSettingsException twice = Assert.Throws<ServeSettingsException>(() => new ServiceCollection().AddKafkaSource("kafka://h/a,b").AddKafkaSource("kafka://h/b"));
        Assert.Contains("'b' at h:9092 is named twice", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brokers_that_go_and_come_back_and_leaders_that_move_neither_lose_nor_double_a_record()
    {
        const int Records = 4_000;
        using var kafka = new KafkaCluster();
        using var scratch = new ScratchFolder();
        kafka.Publish("messages", 0, ServerUnderTest.Line("m0").Trim());
        await using ServerUnderTest server = await StartAsync(scratch, kafka.Address("messages"), options => options.Keep = KeptFields.Source);
        var publishing = Task.Run(async () =>
        {
            for (int i = 1; i < Records; i++)
            {
                kafka.Publish("messages", i % 4, new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes(ServerUnderTest.Line($"m{i}").Trim()) });
                if (i % 20 == 0)
                {
                    await Task.Delay(20);
                }
            }
        });
        for (int turn = 0; turn < 6; turn++)
        {
            int broker = 1 + (turn % 3);
            kafka.Control.SetLeader("messages", turn % 4, broker);
            await Task.Delay(200);
            kafka.Control.SetDown(broker);
            await Task.Delay(400);
            kafka.Control.SetUp(broker);
        }

        await publishing;
        kafka.Flush();
        await Eventually.HoldsAsync(() => Total(server, "deduplicated") == Records, "all are stored");
        Assert.Equal(Records, Total(server, "bronze"));
        await server.StopAsync();
        Assert.Equal(
            Enumerable.Range(0, Records).Select(static i => ($"kafka:messages/{i % 4}", (long)(i / 4))).Order(), BronzeRecords.Of(server.Lake));
    }

    private static Task<ServerUnderTest> StartAsync(ScratchFolder scratch, string address, Action<LakeServerOptions>? configure = null) =>
        ServerUnderTest.StartAsync(configure, scratch, settings => settings with { AddServices = services => services.AddKafkaSource(address) });

    private static int Total(ServerUnderTest server, string name) => server.GetJsonAsync("/v1/ledger").Result.GetProperty("total").GetProperty(name).GetInt32();
}
