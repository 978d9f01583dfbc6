using System.Buffers;
using System.Text;
using OrleansLake.Client;

namespace OrleansLake.Server.Tests.Client;

/// <summary>Tests what the client over HTTP sends again, and what not.</summary>
public class RetryTests
{
    private static readonly ReadOnlySequence<byte> Body = new(Encoding.UTF8.GetBytes("{}\n"));

    [Fact]
    public async Task A_send_without_a_key_is_not_repeated_where_it_may_have_been_stored()
    {
        await using var server = new ScriptedServer("cut", "202");
        Assert.Equal(LakeClientErrorKind.Unavailable, (await Assert.ThrowsAsync<LakeClientException>(() => ClientOf(server).SendAsync(Body, SendOptions.Default))).Kind);
        Assert.Single(server.Keys);
    }

    [Fact]
    public async Task What_a_failure_says_is_in_sentences()
    {
        var options = new LakeHttpOptions { BaseAddress = new Uri($"http://127.0.0.1:{Silent()}"), TriesMax = 1 };
        var closed = new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
        string told = (await Assert.ThrowsAsync<LakeClientException>(() => closed.SendAsync(Body, SendOptions.Default))).Message;
        Assert.EndsWith("). Nothing was sent.", told, StringComparison.Ordinal);
        Assert.EndsWith(").", (await Assert.ThrowsAsync<LakeClientException>(async () => await closed.GetLedgerAsync())).Message, StringComparison.Ordinal);

        static int Silent()
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }
    }

    [Fact]
    public async Task Under_a_key_it_is()
    {
        await using var server = new ScriptedServer("cut", "503", "cut", "202");
        SendResult result = await ClientOf(server).SendAsync(Body, new SendOptions { IdempotencyKey = "k" });
        Assert.Equal((SendStatus.Stored, 4), (result.Status, server.Keys.Count));
        Assert.All(server.Keys, key => Assert.Equal("\"k\"", key));
    }

    [Theory]
    [InlineData("429")]
    [InlineData("503")]
    [InlineData("409")]
    public async Task Without_one_it_is_where_the_server_says_that_it_stored_nothing(string status)
    {
        await using var server = new ScriptedServer(status, "202");
        Assert.Equal(SendStatus.Stored, (await ClientOf(server).SendAsync(Body, SendOptions.Default)).Status);
        Assert.Equal(2, server.Keys.Count);
    }

    [Fact]
    public async Task A_server_that_asks_for_more_patience_than_there_is_is_not_asked_again()
    {
        await using var server = new ScriptedServer("429 Retry-After: 3600", "202");
        SendResult result = await ClientOf(server).SendAsync(Body, SendOptions.Default);
        Assert.Equal((SendStatus.TryAgain, TimeSpan.FromHours(1)), (result.Status, result.RetryAfter));
        Assert.Single(server.Keys);
    }

    [Theory]
    [InlineData("400")]
    [InlineData("401")]
    [InlineData("413")]
    [InlineData("500")]
    public async Task What_is_wrong_is_not_repeated(string status)
    {
        await using var server = new ScriptedServer(status, "202");
        await Assert.ThrowsAsync<LakeClientException>(() => ClientOf(server).SendAsync(Body, new SendOptions { IdempotencyKey = "k" }));
        Assert.Single(server.Keys);
    }

    [Fact]
    public async Task Tries_come_to_an_end()
    {
        await using var server = new ScriptedServer("cut", "cut", "cut", "cut", "cut", "202");
        await Assert.ThrowsAsync<LakeClientException>(() => ClientOf(server).SendAsync(Body, new SendOptions { IdempotencyKey = "k" }));
        Assert.Equal(5, server.Keys.Count);
    }

    private static HttpLakeClient ClientOf(ScriptedServer server)
    {
        var options = new LakeHttpOptions { BaseAddress = server.Address, RetryDelay = TimeSpan.FromMilliseconds(1), RetryDelayMax = TimeSpan.FromMilliseconds(5) };
        return new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
    }
}
