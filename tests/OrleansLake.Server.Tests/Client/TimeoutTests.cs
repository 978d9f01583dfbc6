using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLake.Client;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Client;

/// <summary>That no call of the client over HTTP waits for ever, whatever a server does or leaves undone.</summary>
public class TimeoutTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> MannersAndCalls()
    {
        var all = new TheoryData<string, string>();
        foreach (string manner in (string[])["silent", "an end at once", "half an answer", "half an answer and an end", "drop by drop"])
        {
            foreach (string call in (string[])["send", "send under a key", "send much", "report", "message", "ledger", "quarantine", "standing"])
            {
                all.Add(manner, call);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(MannersAndCalls))]
    public async Task A_server_that_does_not_answer_is_told_in_time(string manner, string call)
    {
        await using RudeServer server = RudeServer.Of(manner);
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(() => CallAsync(ClientOf(server.Address), call).WaitAsync(Patience));
        Assert.Equal(LakeClientErrorKind.Unavailable, told.Kind);

        // What may be stored is not sent twice. (What has not been sent at all, .NET itself sends again where a connection ends.)
        if (manner != "an end at once" || call == "send")
        {
            Assert.InRange(server.Connections, 0, call is "send" or "send much" ? 1 : 3);
        }

        Assert.Contains(call is "send" or "send much" ? "may be stored or not" : "tried 3 times", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ledger")]
    [InlineData("send under a key")]
    public async Task The_whole_is_bounded_whatever_the_number_of_tries(string call)
    {
        await using RudeServer server = RudeServer.Of("silent");
        long started = Stopwatch.GetTimestamp();
        HttpLakeClient client = ClientOf(server.Address, options => (options.TriesMax, options.TryTimeout, options.CallTimeout) = (100, Timeout.InfiniteTimeSpan, TimeSpan.FromMilliseconds(400)));
        await Assert.ThrowsAsync<LakeClientException>(() => CallAsync(client, call).WaitAsync(Patience));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.35, 20);
    }

    [Fact]
    public async Task Who_calls_it_off_gets_that_and_no_failure()
    {
        await using RudeServer server = RudeServer.Of("silent");
        using var stop = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ClientOf(server.Address).GetLedgerAsync(stop.Token));
    }

    [Theory]
    [InlineData("send")]
    [InlineData("report")]
    [InlineData("ledger")]
    [InlineData("watch")]
    public async Task Another_site_is_told_from_a_lake(string call)
    {
        await using RudeServer server = RudeServer.Of("another site");
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(() => CallAsync(ClientOf(server.Address, static options => options.TryTimeout = Patience), call).WaitAsync(Patience));
        Assert.True(told.Kind is LakeClientErrorKind.Failed or LakeClientErrorKind.BadRequest);
        Assert.Contains("address", told.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_server_that_is_stopped_in_the_middle_is_told_by_every_call_and_is_served_by_again()
    {
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"]);
        HttpLakeClient client = ClientOf(server.Address, options => (options.TriesMax, options.TryTimeout) = (1, TimeSpan.FromSeconds(1)));
        HttpLakeClient patient = ClientOf(server.Address, options => options.TryTimeout = Patience);
        await patient.SendAsync(Body("a"), new SendOptions { WaitForReports = true });
        using var patience = new CancellationTokenSource(Patience * 2);
        await using IAsyncEnumerator<LiveUpdate> updates = patient.WatchAsync(Watched).GetAsyncEnumerator(patience.Token);
        Assert.True(await updates.MoveNextAsync());
        Assert.IsType<LiveSnapshot>(updates.Current);

        Signal(server, "STOP");
        try
        {
            foreach (string call in (string[])["send", "send under a key", "report", "message", "ledger", "quarantine", "standing"])
            {
                Assert.Equal(LakeClientErrorKind.Unavailable, (await Assert.ThrowsAsync<LakeClientException>(() => CallAsync(client, call).WaitAsync(Patience))).Kind);
            }

            // The stream is silent, which a quiet lake is not for so long.
            Assert.True(await updates.MoveNextAsync());
            var behind = Assert.IsType<LiveBehind>(updates.Current);
            Assert.Contains("silent", behind.Reason, StringComparison.Ordinal);
            Assert.False(behind.IsComplete);
        }
        finally
        {
            Signal(server, "CONT");
        }

        do
        {
            Assert.True(await updates.MoveNextAsync());
        }
        while (updates.Current is LiveBehind);
        Assert.True((await patient.GetLedgerAsync()).Total.Bronze >= 1);
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        foreach ((string option, LakeHttpOptions options) in new (string, LakeHttpOptions)[]
        {
            ("TriesMax", new LakeHttpOptions { TriesMax = 0 }),
            ("RetryDelay", new LakeHttpOptions { RetryDelay = TimeSpan.Zero }),
            ("RetryDelayMax", new LakeHttpOptions { RetryDelayMax = Timeout.InfiniteTimeSpan }),
            ("TryTimeout", new LakeHttpOptions { TryTimeout = TimeSpan.FromMilliseconds(-5) }),
            ("CallTimeout", new LakeHttpOptions { CallTimeout = TimeSpan.Zero }),
            ("StreamSilenceMax", new LakeHttpOptions { StreamSilenceMax = TimeSpan.MaxValue }),
            ("WatchOutageMax", new LakeHttpOptions { WatchOutageMax = TimeSpan.FromSeconds(-2) }),
            ("Key", new LakeHttpOptions { Key = "" }),
            ("Key", new LakeHttpOptions { Key = "with a\nline end" }),
            ("Key", new LakeHttpOptions { Key = "clé" }),
            ("BaseAddress", new LakeHttpOptions { BaseAddress = new Uri("ftp://127.0.0.1") }),
            ("BaseAddress", new LakeHttpOptions { BaseAddress = new Uri("/lake", UriKind.Relative) }),
            ("BaseAddress", new LakeHttpOptions { BaseAddress = new Uri("http://127.0.0.1/?a=b") }),
            ("BaseAddress", new LakeHttpOptions { BaseAddress = new Uri("http://user:password@127.0.0.1/") }),
        })
        {
            using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1/") };
            var told = Assert.ThrowsAny<ArgumentException>(() => new HttpLakeClient(http, options));
            Assert.Equal(option, told.ParamName);
            Assert.Contains(option, told.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => HttpLakeClient.Configure(new HttpClient(), new LakeHttpOptions()));
    }

    private static LiveQuery Watched { get; } = new() { Reports = [new LiveReportQuery("report1", ReportFilter.None)] };

    private static ReadOnlySequence<byte> Body(string id) => new(Encoding.UTF8.GetBytes(ServerUnderTest.Line(id)));

    private static HttpLakeClient ClientOf(Uri address, Action<LakeHttpOptions>? configure = null)
    {
        var options = new LakeHttpOptions
        {
            BaseAddress = address,
            TriesMax = 3,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            RetryDelayMax = TimeSpan.FromMilliseconds(50),
            TryTimeout = TimeSpan.FromMilliseconds(300),
            StreamSilenceMax = TimeSpan.FromSeconds(1),
        };
        configure?.Invoke(options);
        return new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
    }

    private static Task CallAsync(HttpLakeClient client, string call) => call switch
    {
        "send" => client.SendAsync(Body("b"), SendOptions.Default),
        "send under a key" => client.SendAsync(Body("c"), new SendOptions { IdempotencyKey = "c", WaitForReports = true }),

        // More than lies in buffers between.
        "send much" => client.SendAsync(new ReadOnlySequence<byte>(new byte[40 * 1024 * 1024]), SendOptions.Default),
        "report" => client.GetReportAsync(new ReportQuery { Report = "report1" }).AsTask(),
        "message" => client.GetMessageAsync("a"),
        "ledger" => client.GetLedgerAsync().AsTask(),
        "quarantine" => client.GetQuarantineAsync(new QuarantineQuery()),
        "standing" => client.GetStatusAsync().AsTask(),
        "watch" => client.WatchAsync(Watched).GetAsyncEnumerator().MoveNextAsync().AsTask(),
        _ => throw new ArgumentOutOfRangeException(nameof(call)),
    };

    private static void Signal(ServedProcess server, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", server.Process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
