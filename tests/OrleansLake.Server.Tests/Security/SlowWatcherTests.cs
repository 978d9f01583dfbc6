using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Security;

/// <summary>A watcher that does not read. In a class of its own, beside which others run: the server cuts it off after two minutes.</summary>
public class SlowWatcherTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_watcher_that_does_not_read_is_told_or_cut_off_and_another_one_has_everything()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(Users(0), "?wait=report");
        using Socket slow = await RawRequest.ConnectAsync(server.Address, receiveBytes: 4096);
        await slow.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/reports/report2/stream HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n"));
        await using var slowStream = new NetworkStream(slow);
        byte[] first = new byte[64];
        await slowStream.ReadExactlyAsync(first);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(first), StringComparison.Ordinal);

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using HttpResponseMessage good = await server.Http.GetAsync("/v1/reports/report2/stream", HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        using var goodReader = new StreamReader(await good.Content.ReadAsStreamAsync(timeout.Token));
        string last = "";
        for (int round = 1; round <= 14; round++)
        {
            (int status, JsonElement sent) = await ServerUnderTest.JsonAsync(await server.PostAsync(Users(round), "?wait=report"));
            Assert.Equal(200, status);
            last = sent.GetProperty("token").GetString()!;

            // One after the other, so that each is a frame of its own: together they are more than is kept for the slow.
            Assert.True(await ReadUntilAsync(goodReader, last, timeout.Token));
        }

        // Nothing is dropped in silence: it ends with the word, or is cut off without the end that a whole answer has.
        slow.ReceiveBufferSize = MiB;
        string rest = await RawRequest.ReadAsync(slowStream, headOnly: false, timeout.Token);
        Assert.True(rest.Contains("event: too-slow", StringComparison.Ordinal) || !rest.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain($"id: {last}\n", rest, StringComparison.Ordinal);
    }

    private static string Users(int round) => string.Concat(Enumerable.Range(0, 20_000).Select(user => ServerUnderTest.Line($"r{round}-{user}", user: 1_000_000 + user)));

    private static async Task<bool> ReadUntilAsync(StreamReader reader, string position, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != "event: too-slow")
        {
            if (line == $"id: {position}")
            {
                return true;
            }
        }

        return false;
    }
}
