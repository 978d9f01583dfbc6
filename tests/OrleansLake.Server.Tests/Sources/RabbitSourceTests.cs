using System.Text;
using System.Text.Json;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Sources.RabbitMq;
using OrleansLake.TestSupport;
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

        await using ServerUnderTest last = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.Address) });
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

    [RabbitFact]
    public async Task Routing_keys_and_headers_are_kept_and_no_number_that_another_delivery_has()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false);
        var headers = new Dictionary<string, object?> { ["trace"] = "a\"1", ["n"] = 5, ["on"] = true, ["list"] = new List<object?> { 1, "x" } };
        await channel.BasicPublishAsync("", "events", mandatory: true, new BasicProperties { Headers = headers, MessageId = "d1" }, Encoding.UTF8.GetBytes(ServerUnderTest.Line("a").Trim()[..^1] + ",\"plan\":\"gold\"}"));
        await channel.BasicPublishAsync("", "events", mandatory: true, new BasicProperties(), Encoding.UTF8.GetBytes(ServerUnderTest.Line("b")));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            options => options.Keep = KeptFields.Attributes | KeptFields.Source, settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.Address) });
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/b").Result.IsSuccessStatusCode, "both are shown");
        JsonElement first = (await server.GetJsonAsync("/v1/messages/a")).GetProperty("copies")[0];
        Assert.Equal(
            ("{\"plan\":\"gold\",\"_key\":\"events\",\"_headers\":{\"trace\":\"a\\\"1\",\"n\":5,\"on\":true,\"list\":[1,\"x\"]}}", "rabbitmq:events", JsonValueKind.Null),
            (first.GetProperty("attributes").GetRawText(), first.GetProperty("source").GetString(), first.GetProperty("source_offset").ValueKind));
        JsonElement second = (await server.GetJsonAsync("/v1/messages/b")).GetProperty("copies")[0];
        Assert.Equal(("{\"_key\":\"events\"}", JsonValueKind.Null), (second.GetProperty("attributes").GetRawText(), second.GetProperty("source_offset").ValueKind));
    }

    [RabbitFact]
    public async Task Messages_of_a_queue_are_stored_in_its_order_so_that_the_first_of_equal_ones_counts()
    {
        const int Copies = 200;
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false);
        for (int i = 1; i <= Copies; i++)
        {
            await channel.BasicPublishAsync(
                "", "events", mandatory: true, new BasicProperties { MessageId = $"d{i}" }, Encoding.UTF8.GetBytes(ServerUnderTest.Line("same", user: i)));
        }

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.Address) });
        await Eventually.HoldsAsync(() => Total(server).Result.GetProperty("bronze").GetInt32() == Copies, "all are stored");
        await Eventually.HoldsAsync(() => server.GetJsonAsync("/v1/messages/same").Result.GetProperty("copies").GetArrayLength() == Copies, "all are shown");
        JsonElement copies = (await server.GetJsonAsync("/v1/messages/same")).GetProperty("copies");
        Assert.Equal(Enumerable.Range(1, Copies), copies.EnumerateArray().Select(copy => copy.GetProperty("user_id").GetInt32()));
        Assert.Equal("counted", copies[0].GetProperty("outcome").GetString());
    }

    [RabbitFact]
    public async Task Each_queue_is_read_by_the_mapping_that_its_address_names()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        foreach (string name in (string[])["named", "default", "none"])
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false);
            await PublishAsync(channel, name, name, $$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"own-{{name}}","id":"named-{{name}}","other":"default-{{name}}"}""");
        }

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(
            options => options.MappingFile = scratch.Write("default.json", """{"fields":{"message_id":"other"}}"""), scratch);
        await server.NewClient().SetMappingAsync("one", """{"fields":{"message_id":"id"}}""");
        await server.DisposeAsync();
        await using ServerUnderTest again = await ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with
        {
            AddServices = services => services.AddRabbitMqSource($"rabbitmq://localhost:{broker.Port}/?queue=named&mapping=one")
                .AddRabbitMqSource($"rabbitmq://localhost:{broker.Port}/?queue=default").AddRabbitMqSource($"rabbitmq://localhost:{broker.Port}/?queue=none&mapping=none"),
        });
        foreach (string id in (string[])["named-named", "default-default", "own-none"])
        {
            await Eventually.HoldsAsync(() => again.Http.GetAsync($"/v1/messages/{id}").Result.IsSuccessStatusCode, $"{id} is stored");
        }
    }

    [RabbitFact]
    public async Task A_queue_of_any_kind_is_read_and_what_cannot_be_is_told()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        var kinds = new Dictionary<string, Dictionary<string, object?>>
        {
            ["classic"] = [],
            ["quorum"] = new() { ["x-queue-type"] = "quorum" },
            ["lazy"] = new() { ["x-queue-mode"] = "lazy" },
            ["arguments"] = new() { ["x-max-priority"] = 5, ["x-message-ttl"] = 3_600_000, ["x-max-length"] = 1000 },
        };
        foreach ((string name, Dictionary<string, object?> arguments) in kinds)
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments);
        }

        await channel.QueueDeclareAsync("transient", durable: false, exclusive: false, autoDelete: true);
        await channel.QueueDeclareAsync("mine", durable: false, exclusive: true, autoDelete: false);
        await channel.QueueDeclareAsync("stream", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "stream" });
        string[] read = [.. kinds.Keys, "transient"];
        foreach (string name in (string[])[.. read, "stream"])
        {
            await PublishAsync(channel, name, $"in-{name}", ServerUnderTest.Line($"in-{name}"));
        }

        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, [.. Sources([.. read, "mine", "stream", "later"]), "--source", $"rabbitmq://localhost:{broker.Port}/?queue=stream&offset=first"]);
        await CountedAsync(server.Http, read.Length + 1);
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("there is no queue 'later' in the virtual host '/'", StringComparison.Ordinal), "it says that there is no such queue");
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("the queue 'mine' at 127.0.0.1", StringComparison.Ordinal) && one.ErrorSoFar.Contains("belongs to another connection alone", StringComparison.Ordinal), "it says that the queue is exclusive");
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("the queue is a stream, which keeps no place", StringComparison.Ordinal), "it says that it is a stream");
        await channel.QueueDeclareAsync("later", durable: true, exclusive: false, autoDelete: false);
        await PublishAsync(channel, "later", "late", ServerUnderTest.Line("late"));
        await CountedAsync(server.Http, read.Length + 2);

        // Taken away under its reader, and there again.
        await channel.QueueDeleteAsync("classic");
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("there is no queue 'classic'", StringComparison.Ordinal), "it says that the queue is gone");
        await channel.QueueDeclareAsync("classic", durable: true, exclusive: false, autoDelete: false);
        await PublishAsync(channel, "classic", "back", ServerUnderTest.Line("back"));
        await CountedAsync(server.Http, read.Length + 3);

        string[] Sources(string[] names) => [.. names.SelectMany(name => (string[])["--source", broker.AddressOf(name).AbsoluteUri])];
    }

    [RabbitFact]
    public async Task What_cannot_be_read_goes_to_quarantine_with_its_reason_and_the_next_is_read()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("dead", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "dead" });
        string line = ServerUnderTest.Line("x");
        byte[] packed = Pack(ServerUnderTest.Line("packed"));
        const int Large = 65 * 1024 * 1024;
        (byte[] Body, string? Type, string? Encoding, string? Said)[] deliveries =
        [
            (packed, "application/json", "gzip", null),
            (Text(line.Replace(",", ",\n  ", StringComparison.Ordinal)), null, null, null),
            (Text(line + line), "application/x-ndjson", null, null),
            (Text(line), "text/plain; charset=utf-8", "utf-8", null),
            (Text(line), "application/jsonl", null, null),
            (Text(line), "application/vnd.a+json", null, null),
            ([], null, null, "empty"),
            (Text(" \n"), "application/json", null, "empty"),
            ([], null, "gzip", "empty"),
            (Text("timestamp,message_id\n2024-12-16T10:00:00Z,x\n"), "text/csv", null, "'text/csv'"),
            (Text("timestamp,message_id\n2024-12-16T10:00:00Z,x\n"), null, null, "not JSON"),
            (Text("a;b\n1;2\n"), "application/json", null, "not JSON"),
            (Text(line), "application/x-protobuf", null, "'application/x-protobuf'"),
            (Text(line), "application/vnd.a+xml", null, "application/jsonl, application/x-jsonlines) for one JSON object a line, or application/json (text/json, application/...+json)"),
            (Text(line), "application/json; charset=utf-16", null, "only UTF-8 is read"),
            (Text(line), "?", null, "'?'"),
            (packed[..^8], null, "gzip", "cut off"),
            (packed[..(packed.Length / 2)], null, "gzip", "cut off"),
            ([.. packed, 1], null, "gzip", "followed by bytes that are not gzip"),
            (Text(line), null, "gzip", "begins with the bytes 1F 8B"),
            (Text(line), null, "br", "'br'"),
            (Pack(packed), null, "gzip", "pack it once"),
            (packed, null, null, "give it the content encoding gzip"),
            ([0x28, 0xB5, 0x2F, 0xFD, 4, 10, 10, 10], null, null, "zstd"),
            (Encoding.Unicode.GetBytes("{\n}\n"), null, null, "UTF-16LE"),
            (new byte[Large], null, null, $"{Large} bytes"),
        ];
        for (int i = 0; i < deliveries.Length; i++)
        {
            var properties = new BasicProperties { MessageId = $"d{i}", Persistent = true, ContentType = deliveries[i].Type, ContentEncoding = deliveries[i].Encoding };
            await channel.BasicPublishAsync("", "events", mandatory: true, properties, deliveries[i].Body);
        }

        await PublishAsync(channel, "events", "last", ServerUnderTest.Line("last"));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings: settings => settings with { AddServices = services => services.AddRabbitMqSource(broker.Address) });
        await CountedAsync(server.Http, 8);
        string[] said = [.. deliveries.Select(delivery => delivery.Said).OfType<string>()];
        JsonElement quarantine;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((quarantine = await server.GetJsonAsync("/v1/quarantine")).GetProperty("total").GetInt32() < said.Length || await channel.MessageCountAsync("dead", timeout.Token) == 0)
        {
            await Task.Delay(20, timeout.Token);
        }

        List<string> details = [.. quarantine.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("detail").GetString()!)];
        foreach (string one in said)
        {
            Assert.True(details.Remove(details.FirstOrDefault(detail => detail.Contains(one, StringComparison.Ordinal)) ?? one), one);
        }

        Assert.Empty(details);
        Assert.All(quarantine.GetProperty("records").EnumerateArray(), record => Assert.Equal("rabbitmq:events", record.GetProperty("source").GetString()));
        Assert.Equal(1u, await channel.MessageCountAsync("dead"));
    }

    [RabbitFact]
    public async Task Deliveries_without_a_message_are_told_and_not_each_of_them()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false);
        const int Deliveries = 30;
        for (int i = 0; i < Deliveries; i++)
        {
            await PublishAsync(channel, "events", $"empty{i}", i % 2 == 0 ? "[]" : " [ ]\n");
        }

        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--source", broker.AddressOf("events").AbsoluteUri);
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("holds no message ([", StringComparison.Ordinal), "it tells of the empty array");
        await PublishAsync(channel, "events", "m", ServerUnderTest.Line("m"));
        await CountedAsync(server.Http, 1);

        // One at once, and another after ten seconds.
        Assert.InRange(server.Process.ErrorSoFar.Split('\n').Count(line => line.Contains("holds no message", StringComparison.Ordinal) && line.Contains("with the message-id 'empty", StringComparison.Ordinal)), 1, Deliveries / 5);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await channel.MessageCountAsync("events", timeout.Token) > 0)
        {
            await Task.Delay(20, timeout.Token);
        }
    }

    [RabbitFact]
    public async Task Why_a_queue_is_not_read_is_told_apart_and_without_a_secret()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false);
        int nobody = FreePort.Take();
        (Uri Address, string Said)[] sources =
        [
            (broker.AddressOf("events", "guest:SECRET"), $"127.0.0.1:{broker.Port}: the user 'guest' or its password is refused"),
            (new Uri($"rabbitmq://guest:SECRET@127.0.0.1:{nobody}/?queue=events"), $"127.0.0.1:{nobody}: the connection is refused"),
            (new Uri("rabbitmq://guest:SECRET@no-such-host.invalid/?queue=events"), "no-such-host.invalid:5672: the host name 'no-such-host.invalid' is not known"),
            (broker.AddressOf("events", path: "nowhere"), "the virtual host 'nowhere' does not exist"),
            (new Uri(broker.AddressOf("other").AbsoluteUri.Replace("rabbitmq:", "rabbitmqs:", StringComparison.Ordinal)), "TLS fails"),
            (broker.AddressOf("nosuch"), "there is no queue 'nosuch'"),
        ];
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, [.. sources.SelectMany(source => (string[])["--source", source.Address.AbsoluteUri])]);
        foreach ((_, string said) in sources)
        {
            server.Process.WaitUntil(one => one.ErrorSoFar.Contains(said, StringComparison.Ordinal), said);
        }

        Assert.Contains("Tries again in 1 s, later every 5 s; this is logged less often from now on.", server.Process.ErrorSoFar, StringComparison.Ordinal);

        // Told again, but not at every try: of the tries at 1, 3, 7 and 12 s the last.
        server.Process.WaitUntil(one => one.ErrorSoFar.Split(sources[0].Said).Length > 2, "it is reported again");
        Assert.Equal(3, server.Process.ErrorSoFar.Split(sources[0].Said).Length);
        Assert.DoesNotContain("SECRET", server.Process.ErrorSoFar, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Process.ErrorSoFar, StringComparison.Ordinal);
        long stopping = System.Diagnostics.Stopwatch.GetTimestamp();
        server.Process.Terminate();
        Assert.Equal(0, server.Process.Wait().ExitCode);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(stopping) < TimeSpan.FromSeconds(15));
    }

    [RabbitFact]
    public async Task It_goes_on_when_the_broker_has_stopped_and_come_back_under_load()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await broker.DeclareAsync("events");
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--source", broker.Address.AbsoluteUri);
        int sent = 0;
        for (int restarts = 0; restarts < 3; restarts++)
        {
            await using IConnection connection = await broker.ConnectAsync();
            await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
            await Task.WhenAll(Enumerable.Range(sent, 2000).Select(i => PublishAsync(channel, "events", $"d{i}", ServerUnderTest.Line($"m{i}"))));
            sent += 2000;
            await CountedAsync(server.Http, restarts * 2000 + 1);
            await broker.RestartAsync();
        }

        try
        {
            await CountedAsync(server.Http, sent);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            await using IConnection asked = await broker.ConnectAsync();
            await using IChannel about = await asked.CreateChannelAsync();
            QueueDeclareOk queue = await about.QueueDeclarePassiveAsync("events");
            Assert.Fail($"{e.Message}; the queue holds {queue.MessageCount} and has {queue.ConsumerCount} consumers; the server says:\n{server.Process.ErrorSoFar}");
        }

        await using IConnection later = await broker.ConnectAsync();
        await using IChannel asking = await later.CreateChannelAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await asking.MessageCountAsync("events", timeout.Token) + await asking.ConsumerCountAsync("events", timeout.Token) != 1)
        {
            await Task.Delay(20, timeout.Token);
        }

        using JsonDocument ledger = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/ledger"));
        Assert.Equal(sent, ledger.RootElement.GetProperty("total").GetProperty("bronze").GetInt32());
    }

    [RabbitFact]
    public async Task An_empty_stream_without_an_offset_is_told_at_the_start_and_a_broker_that_comes_back_is_told()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await broker.DeclareAsync("stream", new Dictionary<string, object?> { ["x-queue-type"] = "stream" });
        await broker.DeclareAsync("events");
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--source", broker.AddressOf("stream").AbsoluteUri, "--source", broker.AddressOf("events").AbsoluteUri);
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("the queue is a stream", StringComparison.Ordinal) && one.ErrorSoFar.Contains("Reading the queue 'events'", StringComparison.Ordinal), "both are reported");
        await broker.RestartAsync();
        server.Process.WaitUntil(one => one.ErrorSoFar.LastIndexOf("Reading the queue 'events'", StringComparison.Ordinal) > one.ErrorSoFar.LastIndexOf("Not reading the queue 'events'", StringComparison.Ordinal)
            && one.ErrorSoFar.Contains("Not reading the queue 'events'", StringComparison.Ordinal), "it says that it reads again");
        Assert.DoesNotContain("Reading the queue 'stream'", server.Process.ErrorSoFar, StringComparison.Ordinal);
    }

    [RabbitFact]
    public async Task A_stream_that_is_read_from_its_end_leaves_nothing_out_while_its_connection_is_away()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        await using var proxy = new CuttingProxy(new Uri($"http://127.0.0.1:{broker.Port}"));
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        (string Name, string Offset, int Before)[] streams = [("one", "next", 1000), ("two", "next", 0), ("three", "last", 0), ("four", "2", 0), ("five", "first", 0)];
        foreach ((string name, _, int before) in streams)
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "stream" });
            await PublishManyAsync(name, "before", before);
        }

        using ServedProcess server = ServedProcess.Start(
            scratch["lake"], null, [.. streams.SelectMany(stream => (string[])["--source", $"rabbitmq://127.0.0.1:{proxy.Address.Port}?queue={stream.Name}&offset={stream.Offset}"])]);
        foreach ((string name, _, _) in streams)
        {
            server.Process.WaitUntil(one => one.ErrorSoFar.Contains($"Reading the queue '{name}'", StringComparison.Ordinal), "it reads the stream");
        }

        proxy.IsAway = true;
        proxy.Cut();
        foreach ((string name, _, _) in streams)
        {
            server.Process.WaitUntil(one => one.ErrorSoFar.Contains($"Not reading the queue '{name}'", StringComparison.Ordinal), "it is away");

            // Stored in more than one piece, of which the last alone is not enough.
            await PublishManyAsync(name, "gap", 5);
            await PublishManyAsync(name, "later", 5);
        }

        proxy.IsAway = false;
        int wanted = 10 * streams.Length - 2;
        await CountedAsync(server.Http, wanted);
        server.Process.WaitUntil(
            one => one.ErrorSoFar.Contains("Reading the queue 'one'", StringComparison.Ordinal) && one.ErrorSoFar.Contains("a stream, from offset 1000 on", StringComparison.Ordinal), "it says where it continues");

        // Nothing from before it was read, and nothing twice.
        await PublishManyAsync("one", "end", 1);
        await CountedAsync(server.Http, wanted + 1);
        using JsonDocument ledger = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/ledger"));
        Assert.Equal(wanted + 1, ledger.RootElement.GetProperty("total").GetProperty("bronze").GetInt32());

        Task PublishManyAsync(string name, string what, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
            await channel.BasicPublishAsync("", name, mandatory: true, new BasicProperties { Persistent = true }, Text(ServerUnderTest.Line($"{name}-{what}{i}")))));
    }

    [RabbitFact]
    public async Task A_source_without_progress_says_so_and_goes_on()
    {
        await using RabbitBroker broker = await RabbitBroker.StartAsync();
        using var scratch = new ScratchFolder();
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("events", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-single-active-consumer"] = true });

        // The only active reader takes one and does nothing with it: to the source it looks as if the broker had forgotten it.
        await channel.BasicQosAsync(0, 1, global: false);
        await channel.BasicConsumeAsync("events", autoAck: false, new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel));
        for (int i = 0; i < 5; i++)
        {
            await PublishAsync(channel, "events", $"d{i}", ServerUnderTest.Line($"m{i}"));
        }

        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--source", broker.Address.AbsoluteUri);
        server.Process.WaitUntil(one => one.ErrorSoFar.Contains("the broker holds 4 messages and has 2 consumers, but has delivered nothing", StringComparison.Ordinal), "it says that nothing moves");
        await connection.CloseAsync();
        await CountedAsync(server.Http, 5);
    }

    private static async Task PublishAsync(IChannel channel, string queue, string id, string body) =>
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { MessageId = id, Persistent = true }, Text(body));

    private static async Task CountedAsync(HttpClient http, int messages)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        int counted;
        do
        {
            using JsonDocument ledger = JsonDocument.Parse(await http.GetStringAsync("/v1/ledger"));
            counted = ledger.RootElement.GetProperty("total").GetProperty("bronze").GetInt32();
            await Task.Delay(20);
        }
        while (counted < messages && System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2));
        Assert.True(counted >= messages, $"{counted} of {messages} messages came");
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Pack(string text) => Pack(Text(text));

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task<JsonElement> Total(ServerUnderTest server) => (await server.GetJsonAsync("/v1/ledger")).GetProperty("total");
}
