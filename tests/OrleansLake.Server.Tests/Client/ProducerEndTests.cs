using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;

namespace OrleansLake.Server.Tests.Client;

/// <summary>Tests how a producer ends, what it tells then, and what does not end it.</summary>
public class ProducerEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_is_bounded_and_gives_back_what_was_not_sent(bool isThere)
    {
        RudeServer server = RudeServer.Of("silent");
        Uri address = server.Address;
        if (!isThere)
        {
            await server.DisposeAsync();
        }

        var producer = new LakeProducer(ClientOf(address), new LakeProducerOptions { BatchMessagesMax = 10, DisposeTimeout = TimeSpan.FromMilliseconds(300) });
        for (int i = 0; i < 25; i++)
        {
            await producer.WriteAsync(Message(i));
        }

        Task flush = producer.FlushAsync();
        long started = Stopwatch.GetTimestamp();
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(() => producer.DisposeAsync().AsTask().WaitAsync(Patience));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.2, 20);
        Assert.Equal(LakeClientErrorKind.Unavailable, told.Kind);
        Assert.Contains("25 messages", told.Message, StringComparison.Ordinal);
        Assert.Contains("DisposeTimeout", told.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"m{i}"), producer.Unsent.Select(message => message.MessageId));

        // Of a try that its time ended in the middle of, nothing is known.
        Assert.Contains(producer.UnsentMaybeStored, isThere ? [10] : (int[])[0, 10]);
        Assert.Equal(producer.UnsentMaybeStored > 0, told.Message.Contains("may be stored", StringComparison.Ordinal));
        await Assert.ThrowsAsync<LakeClientException>(() => flush.WaitAsync(Patience));

        // A second time it is over already.
        await producer.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_listen_to_its_token_does_not_hold_it_up()
    {
        var lake = new StubLake(_ => new TaskCompletionSource<SendResult>().Task);
        var producer = new LakeProducer(lake, new LakeProducerOptions { DisposeTimeout = TimeSpan.Zero });
        await producer.WriteAsync(Message(1));
        await Assert.ThrowsAsync<LakeClientException>(() => producer.DisposeAsync().AsTask().WaitAsync(Patience));
        Assert.Single(producer.Unsent);
    }

    [Fact]
    public async Task What_is_sent_in_time_needs_no_telling()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var producer = new LakeProducer(server.NewClient(), new LakeProducerOptions { Linger = TimeSpan.FromHours(1) });
        await producer.WriteAsync(Message(1));
        await producer.DisposeAsync();
        Assert.Equal((1L, 0), (producer.Sent, producer.Unsent.Count));
    }

    [Fact]
    public async Task After_disposal_it_takes_nothing()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var producer = new LakeProducer(server.NewClient());
        await producer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await producer.WriteAsync(Message(1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => producer.FlushAsync());
        await producer.DisposeAsync();
    }

    [Fact]
    public async Task A_writer_that_waits_for_room_when_it_is_disposed_of_is_told()
    {
        var lake = new StubLake(_ => new TaskCompletionSource<SendResult>().Task);
        var producer = new LakeProducer(lake, new LakeProducerOptions { BatchMessagesMax = 1, BufferedMessagesMax = 1, DisposeTimeout = TimeSpan.FromMilliseconds(50) });
        List<Task> writing = [.. Enumerable.Range(0, 4).Select(i => producer.WriteAsync(Message(i)).AsTask())];
        Assert.Contains(writing, one => !one.IsCompleted);
        await Assert.ThrowsAsync<LakeClientException>(() => producer.DisposeAsync().AsTask().WaitAsync(Patience));
        int written = 0;
        foreach (Task one in writing)
        {
            try
            {
                await one.WaitAsync(Patience);
                written++;
            }
            catch (Exception e) when (e is ObjectDisposedException or LakeClientException)
            {
                // It was reported: this one is not in the lake.
            }
        }

        Assert.Equal(written, producer.Unsent.Count);
    }

    [Fact]
    public async Task Flushing_waits_for_everything_that_was_written_before_by_many_writers()
    {
        // Every batch is one message, so that a flush that ends early ends before its own message.
        var stored = new ConcurrentDictionary<string, bool>();
        var lake = new StubLake(async body =>
        {
            await Task.Yield();
            foreach (string line in System.Text.Encoding.UTF8.GetString(body.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                stored[System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("message_id").GetString()!] = true;
            }

            return new SendResult { Status = SendStatus.Stored };
        });
        await using var producer = new LakeProducer(lake, new LakeProducerOptions { BatchMessagesMax = 2, BufferedMessagesMax = 3, Linger = TimeSpan.Zero });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await producer.WriteAsync(Message(i) with { MessageId = $"{writer}/{i}" });
                if (i % 3 == 0)
                {
                    await producer.FlushAsync();
                    for (int before = 0; before <= i; before++)
                    {
                        Assert.True(stored.ContainsKey($"{writer}/{before}"), $"{writer}/{before} was written before the flush");
                    }
                }
            }
        })));
        await producer.FlushAsync();
        Assert.Equal((3200L, 3200), (producer.Sent, stored.Count));
    }

    [Fact]
    public async Task Flushing_sends_what_waits_for_more()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await using var producer = new LakeProducer(server.NewClient(), new LakeProducerOptions { Linger = TimeSpan.FromHours(1) });
        await producer.WriteAsync(Message(1));
        await producer.FlushAsync().WaitAsync(Patience);
        await producer.FlushAsync().WaitAsync(Patience);
        Assert.Equal(1, producer.Sent);
    }

    [Fact]
    public async Task A_handler_that_throws_is_logged_and_messages_go_on()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var log = new Recorder();
        var failures = new ConcurrentQueue<Exception>();
        int heard = 0;
        await using (var producer = new LakeProducer(server.NewClient(), new LakeProducerOptions { BatchMessagesMax = 1 }, logger: log))
        {
            producer.Rejected += _ => throw new FormatException("of the application");
            producer.Rejected += errors => heard += errors.Count;
            producer.Failed += failures.Enqueue;
            producer.Failed += _ => throw new InvalidOperationException("once more");
            await producer.WriteAsync(Message(1) with { MessageId = "" });
            await producer.WriteAsync(Message(2));
            await producer.FlushAsync();
            Assert.Equal(1, producer.Sent);
        }

        Assert.Equal(1, heard);
        Assert.IsType<FormatException>(Assert.Single(failures));
        Assert.Contains(log.Failures, failure => failure is FormatException);
        Assert.Contains(log.Failures, failure => failure is InvalidOperationException);
        Assert.Equal(1, (await server.TotalAsync(1)).GetProperty("bronze").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_is_too_large_for_the_lake_is_refused_and_the_others_are_stored(bool isHeard)
    {
        // 20 MB, and the server takes 16 MiB.
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var told = new ConcurrentQueue<SendError>();
        var producer = new LakeProducer(server.NewClient(), new LakeProducerOptions { BatchMessagesMax = 10, Linger = TimeSpan.FromHours(1) });
        if (isHeard)
        {
            producer.Rejected += errors => errors.ToList().ForEach(told.Enqueue);
        }

        for (int i = 0; i < 30; i++)
        {
            await producer.WriteAsync(i == 13 ? Message(i) with { Value = new string('x', 20_000_000) } : Message(i));
        }

        if (isHeard)
        {
            await producer.FlushAsync();
            await producer.DisposeAsync();
            SendError error = Assert.Single(told);
            Assert.Equal(("too_large", "m13"), (error.Code, error.Message?.MessageId));
            Assert.Empty(producer.Unsent);
        }
        else
        {
            // Once for each, and it continues.
            LakeClientException failure = await Assert.ThrowsAsync<LakeClientException>(() => producer.FlushAsync());
            Assert.Equal(LakeClientErrorKind.TooLarge, failure.Kind);
            Assert.StartsWith("A message that was written is not in the lake", failure.Message, StringComparison.Ordinal);
            await producer.FlushAsync();
            failure = await Assert.ThrowsAsync<LakeClientException>(async () => await producer.DisposeAsync());
            Assert.Equal(LakeClientErrorKind.TooLarge, failure.Kind);
            Assert.Equal("m13", Assert.Single(producer.Unsent).MessageId);
        }

        Assert.Equal(29, producer.Sent);
        Assert.Equal(29, (await server.TotalAsync(29)).GetProperty("deduplicated").GetInt32());
        Assert.Equal(28, (await server.GetJsonAsync("/v1/messages/m29")).GetProperty("copies")[0].GetProperty("offset").GetInt32());
    }

    [Fact]
    public async Task A_rejected_record_comes_with_its_message()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var told = new ConcurrentQueue<SendError>();
        await using (var producer = new LakeProducer(server.NewClient(), new LakeProducerOptions { Linger = TimeSpan.FromHours(1) }))
        {
            producer.Rejected += errors => errors.ToList().ForEach(told.Enqueue);
            await producer.WriteAsync(Message(1));
            await producer.WriteAsync(Message(2) with { MessageId = "", Value = "this one" });
        }

        Assert.Equal("this one", Assert.Single(told).Message?.Value);
    }

    [Fact]
    public async Task What_ends_it_gives_back_what_is_not_in_the_lake()
    {
        int calls = 0;
        var lake = new StubLake(_ => ++calls == 1 ? Task.FromResult(new SendResult { Status = SendStatus.Stored }) : throw new LakeClientException(LakeClientErrorKind.Unauthorized, "not with this key"));
        var producer = new LakeProducer(lake, new LakeProducerOptions { BatchMessagesMax = 2, Linger = TimeSpan.FromHours(1) });
        for (int i = 0; i < 2; i++)
        {
            await producer.WriteAsync(Message(i));
        }

        await producer.FlushAsync();
        await producer.WriteAsync(Message(2));
        await Assert.ThrowsAsync<LakeClientException>(() => producer.FlushAsync());
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(async () => await producer.DisposeAsync());
        Assert.Equal(LakeClientErrorKind.Unauthorized, told.Kind);
        Assert.Contains("not with this key", told.Message, StringComparison.Ordinal);
        Assert.Equal(("m2", 0), (Assert.Single(producer.Unsent).MessageId, producer.UnsentMaybeStored));
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        foreach ((string option, LakeProducerOptions options) in new (string, LakeProducerOptions)[]
        {
            ("BatchMessagesMax", new LakeProducerOptions { BatchMessagesMax = 0 }),
            ("BatchMessagesMax", new LakeProducerOptions { BatchMessagesMax = 100_001 }),
            ("BatchBytesMax", new LakeProducerOptions { BatchBytesMax = -1 }),
            ("BufferedMessagesMax", new LakeProducerOptions { BufferedMessagesMax = 0 }),
            ("Linger", new LakeProducerOptions { Linger = TimeSpan.FromMilliseconds(-5) }),
            ("Linger", new LakeProducerOptions { Linger = Timeout.InfiniteTimeSpan }),
            ("Linger", new LakeProducerOptions { Linger = TimeSpan.MaxValue }),
            ("BackOffMax", new LakeProducerOptions { BackOffMax = TimeSpan.Zero }),
            ("DisposeTimeout", new LakeProducerOptions { DisposeTimeout = TimeSpan.FromSeconds(-1.5) }),
        })
        {
            var told = Assert.Throws<ArgumentOutOfRangeException>(() => new LakeProducer(new StubLake(_ => throw new InvalidOperationException()), options));
            Assert.Equal(option, told.ParamName);
            Assert.Contains($"LakeProducerOptions.{option}", told.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentNullException>(() => new LakeProducer(null!));
    }

    private static LakeMessage Message(int i) => new($"m{i}", new DateTimeOffset(2024, 12, 16, 10, 0, 0, TimeSpan.Zero), "SENT", "CHAT", 1);

    private static HttpLakeClient ClientOf(Uri address)
    {
        var options = new LakeHttpOptions { BaseAddress = address, RetryDelay = TimeSpan.FromMilliseconds(1), RetryDelayMax = TimeSpan.FromMilliseconds(20) };
        return new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
    }

    private sealed class Recorder : ILogger<LakeProducer>
    {
        internal ConcurrentQueue<Exception> Failures { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                Failures.Enqueue(exception);
            }
        }
    }

    // A lake whose answers a test decides: no real one hangs without checking its token.
    private sealed class StubLake(Func<ReadOnlySequence<byte>, Task<SendResult>> send) : ILakeClient
    {
        public Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, SendOptions options, CancellationToken cancellationToken = default) => send(messages);

        public ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
