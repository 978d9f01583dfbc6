using System.Net.Sockets;
using System.Text;

namespace OrleansLake.Server.Tests.Security;

/// <summary>Senders that take their time: small bodies are let live, large ones have a pace.</summary>
public class SlowBodyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_now_and_then_in_one_chunked_body_is_taken_when_it_ends(bool isGzip)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using Socket socket = await RawRequest.ConnectAsync(server.Address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Head(server, "Transfer-Encoding: chunked\r\n" + (isGzip ? "Content-Encoding: gzip\r\n" : "")));
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4).Select(i => ServerUnderTest.Line($"m{i}"))));
        body = isGzip ? Api.SendTests.Packed(body) : body;

        // Longer in all than the five seconds after which a rate would be asked for.
        foreach (byte[] piece in body.Chunk((body.Length + 3) / 4))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"));
            await stream.WriteAsync((byte[])[.. piece, .. "\r\n"u8]);
            await Task.Delay(TimeSpan.FromSeconds(1.6));
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        Assert.Contains("\"accepted\":4", await RawRequest.ReadAsync(stream, headOnly: false, default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_body_that_never_ends_gets_408_and_the_settings_name()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Limits = new LakeServerLimits { SlowBodyTimeMax = TimeSpan.FromSeconds(1) });
        string answer = await StallAsync(server, 100);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("urn:orleanslake:problem:too-slow", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_that_stands_still_gets_408()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Assert.StartsWith("HTTP/1.1 408", await StallAsync(server, 50_000), StringComparison.Ordinal);
    }

    private static byte[] Head(ServerUnderTest server, string header) =>
        Encoding.ASCII.GetBytes($"POST /v1/messages HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n{header}\r\n");

    private static async Task<string> StallAsync(ServerUnderTest server, int bytes)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using Socket socket = await RawRequest.ConnectAsync(server.Address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Head(server, "Content-Length: 100000\r\n"), timeout.Token);
        await stream.WriteAsync(new byte[bytes], timeout.Token);
        return await RawRequest.ReadAsync(stream, headOnly: false, timeout.Token);
    }
}
