using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Client;

public class LakeProducerTests
{
    [Fact]
    public async Task Messages_go_in_full_batches_in_their_order()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var requests = new CountingHandler();

        // A batch that is not full would wait for an hour.
        var options = new LakeProducerOptions { BatchMessagesMax = 100, Linger = TimeSpan.FromHours(1) };
        await using var producer = new LakeProducer(ClientOf(server, requests), options);
        for (int i = 0; i < 1000; i++)
        {
            await producer.WriteAsync(Message(i));
        }

        await producer.FlushAsync();
        Assert.Equal((1000L, 10), (producer.Sent, requests.Count));
        for (int i = 0; i < 1000; i += 333)
        {
            Assert.Equal(i, (await server.GetJsonAsync($"/v1/messages/m{i}")).GetProperty("copies")[0].GetProperty("offset").GetInt32());
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task All_messages_that_are_not_taken_are_told_however_many_a_batch_has(int batchMax)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var told = new ConcurrentBag<SendError>();
        await using var producer = new LakeProducer(ClientOf(server), new LakeProducerOptions { BatchMessagesMax = batchMax, Linger = TimeSpan.FromMilliseconds(300) });
        producer.Rejected += errors => errors.ToList().ForEach(told.Add);
        for (int i = 0; i < 1000; i++)
        {
            await producer.WriteAsync(i % 4 == 0 ? Message(i) : Message(i) with { MessageId = "", UserId = i });
        }

        await producer.FlushAsync();
        Assert.Equal(250, producer.Sent);
        Assert.Equal(Enumerable.Range(0, 1000).Where(i => i % 4 != 0).Select(static i => (long?)i), told.Select(error => error.Message!.UserId!.Value.Number).Order());
        Assert.Equal(750, (await server.GetJsonAsync("/v1/quarantine?limit=1")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_batch_that_is_not_full_goes_after_its_linger()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await using var producer = new LakeProducer(ClientOf(server), new LakeProducerOptions { Linger = TimeSpan.FromMilliseconds(1) });
        await producer.WriteAsync(Message(1));
        await producer.FlushAsync();
        Assert.Equal(1, producer.Sent);
    }

    [Fact]
    public async Task Each_message_is_stored_once_though_the_server_goes_away_and_comes_back()
    {
        const int Messages = 3000;
        using var scratch = new ScratchFolder();
        int port = FreePort.Take();
        ServerUnderTest server = await StartAsync();
        var away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new LakeProducerOptions { BatchMessagesMax = 50, BackOffMax = TimeSpan.FromMilliseconds(100) };
        await using (var producer = new LakeProducer(ClientOf(server, tries: 1), options))
        {
            producer.Failed += _ => away.TrySetResult();
            Task writing = Task.Run(async () =>
            {
                for (int i = 0; i < Messages; i++)
                {
                    await producer.WriteAsync(Message(i));
                    if (i == Messages / 3)
                    {
                        // In the middle of what is being sent.
                        await server.DisposeAsync();
                    }
                }
            });
            await away.Task.WaitAsync(TimeSpan.FromMinutes(1));
            server = await StartAsync();
            await writing;
            await producer.FlushAsync();
            Assert.Equal(Messages, producer.Sent);
        }

        JsonElement total = await server.TotalAsync(Messages);
        Assert.Equal((Messages, Messages), (total.GetProperty("bronze").GetInt32(), total.GetProperty("deduplicated").GetInt32()));
        await server.DisposeAsync();

        Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(
            scratch: scratch, settings: settings => settings with { Urls = [string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")] });
    }

    [Fact]
    public async Task Each_message_is_stored_once_though_the_server_is_killed_and_started_again()
    {
        const int Messages = 6000;
        using var scratch = new ScratchFolder();
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}");
        ServedProcess server = Start();
        var http = new LakeHttpOptions { BaseAddress = new Uri(url), TriesMax = 1 };
        var client = new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), http), http);
        await using (var producer = new LakeProducer(client, new LakeProducerOptions { BatchMessagesMax = 20, BufferedMessagesMax = 100, BackOffMax = TimeSpan.FromMilliseconds(200) }))
        {
            for (int i = 0; i < Messages; i++)
            {
                await producer.WriteAsync(Message(i));
                if (i is 2000 or 4000)
                {
                    // Some batch is on its way: who waits for its answer gets none.
                    server.Process.Kill();
                    server.Dispose();
                    server = Start();
                }
            }

            await producer.FlushAsync();
        }

        await server.Http.GetStringAsync($"/v1/reports/report1?min_position=1.{Messages}");
        using JsonDocument ledger = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/ledger"));
        JsonElement total = ledger.RootElement.GetProperty("total");
        Assert.Equal((Messages, Messages), (total.GetProperty("bronze").GetInt32(), total.GetProperty("deduplicated").GetInt32()));
        server.Dispose();

        ServedProcess Start() => ServedProcess.Start(scratch["lake"], null, "--urls", url, "--trigger", "200ms");
    }

    [Fact]
    public async Task What_is_no_message_is_told_and_the_others_are_stored()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var told = new ConcurrentQueue<SendError>();
        await using (var producer = new LakeProducer(ClientOf(server)))
        {
            producer.Rejected += errors => errors.ToList().ForEach(told.Enqueue);
            await producer.WriteAsync(Message(1));
            await producer.WriteAsync(Message(2) with { MessageId = "" });
            await producer.WriteAsync(Message(3));
        }

        Assert.Equal("missing_message_id", Assert.Single(told).Code);
        Assert.Equal(2, (await server.TotalAsync(2)).GetProperty("bronze").GetInt32());
    }

    [Fact]
    public async Task What_is_too_much_at_once_goes_in_halves()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Limits = new LakeServerLimits { BodyBytesMax = 2000, DatesPerBodyMax = 3 });
        await using (var producer = new LakeProducer(ClientOf(server), new LakeProducerOptions { BatchMessagesMax = 100, Linger = TimeSpan.FromHours(1) }))
        {
            for (int i = 0; i < 100; i++)
            {
                await producer.WriteAsync(Message(i) with { Timestamp = new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero).AddDays(i) });
            }
        }

        Assert.Equal(100, (await server.TotalAsync(100)).GetProperty("bronze").GetInt32());
        Assert.Equal(99, (await server.GetJsonAsync("/v1/messages/m99")).GetProperty("copies")[0].GetProperty("offset").GetInt32());
    }

    [Fact]
    public async Task What_no_repetition_mends_ends_it_and_everybody_is_told()
    {
        (_, LakeApiKey key) = LakeApiKey.Create("one");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        var producer = new LakeProducer(ClientOf(server));
        await producer.WriteAsync(Message(1));
        Assert.Equal(LakeClientErrorKind.Unauthorized, (await Assert.ThrowsAsync<LakeClientException>(() => producer.FlushAsync())).Kind);
        Assert.Equal(LakeClientErrorKind.Unauthorized, (await Assert.ThrowsAsync<LakeClientException>(() => producer.FlushAsync())).Kind);
        Assert.Equal(LakeClientErrorKind.Unauthorized, (await Assert.ThrowsAsync<LakeClientException>(async () => await producer.WriteAsync(Message(2)))).Kind);
        await Assert.ThrowsAsync<LakeClientException>(async () => await producer.DisposeAsync());
    }

    [Fact]
    public async Task Waits_double_up_to_their_bound_unless_the_server_says_how_long()
    {
        await using var server = new ScriptedServer(
            "503", "503", "503", "503", "429 Retry-After: 7", "202");
        var clock = new HastyClock();
        var options = new LakeHttpOptions { BaseAddress = server.Address, TriesMax = 1 };
        var client = new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
        await using var producer = new LakeProducer(client, new LakeProducerOptions { Linger = TimeSpan.Zero, BackOffMax = TimeSpan.FromMilliseconds(150), DisposeTimeout = Timeout.InfiniteTimeSpan }, clock);
        await producer.WriteAsync(Message(1));
        await producer.FlushAsync();
        Assert.Equal([50, 100, 150, 150, 7000], clock.Waits.Select(wait => (int)wait.TotalMilliseconds).Where(wait => wait > 0));

        // All of them under one key.
        Assert.Single(server.Keys.Distinct());
        Assert.Equal(6, server.Keys.Count);
    }

    internal static HttpLakeClient ClientOf(ServerUnderTest server, DelegatingHandler? handler = null, int tries = 5)
    {
        var options = new LakeHttpOptions { BaseAddress = server.Address, RetryDelay = TimeSpan.FromMilliseconds(5), RetryDelayMax = TimeSpan.FromMilliseconds(50), TriesMax = tries };
        if (handler is not null)
        {
            handler.InnerHandler = new SocketsHttpHandler();
        }

        return new HttpLakeClient(HttpLakeClient.Configure(handler is null ? new HttpClient() : new HttpClient(handler), options), options);
    }

    private static LakeMessage Message(int i) => new($"m{i}", new DateTimeOffset(2024, 12, 16, 10, 0, 0, TimeSpan.Zero), "SENT", "CHAT", 1);

    private sealed class CountingHandler : DelegatingHandler
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }
    }

    // Every wait is over at once, and noted.
    private sealed class HastyClock : TimeProvider
    {
        internal ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromTicks(1) : dueTime, period);
        }
    }
}
