using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Hosting;

/// <summary>Tests what becomes of requests that do not end by themselves when the server stops, and of those whose sender leaves.</summary>
public class DrainTests
{
    private const string Head = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n";

    // Far above what is promised (a second), and far below what hosts give services to stop.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("POST /v1/mess")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX-Ha")]
    [InlineData(Head + "Content-Length: 1000\r\n\r\n{")]
    [InlineData(Head + "Content-Length: 1000\r\n\r\n")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    [InlineData(Head + "Content-Length: 100000\r\nContent-Encoding: gzip\r\n\r\n\u001f")]
    [InlineData("POST /v1/embed-tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")]
    [InlineData("GET /v1/messages?id=large HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task A_server_stops_in_the_time_that_requests_have_whatever_does_not_end(string sent)
    {
        using var scratch = new ScratchFolder();
        var embed = EmbedKey.Create("site");
        EmbedKeyFile.Add(scratch["embed-keys"], embed);
        using var served = ServedProcess.Start(scratch["lake"], new Dictionary<string, string?> { ["OrleansLake__DrainMax"] = "00:00:00.5" }, "--embed-keys", scratch["embed-keys"]);
        using var large = new StringContent(ServerUnderTest.Line("large").Replace("\"v\"", $"\"{new string('x', 12_000_000)}\"", StringComparison.Ordinal), Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(200, (int)(await served.Http.PostAsync("/v1/messages?wait=report", large)).StatusCode);

        using Socket socket = await RawRequest.ConnectAsync(served.Address, receiveBytes: 4096);
        await socket.SendAsync(Encoding.Latin1.GetBytes(sent));

        // Until the server has it.
        await served.Http.GetStringAsync("/health");
        await Task.Delay(300);

        long started = Stopwatch.GetTimestamp();
        served.Process.Interrupt();
        LakeResult end = served.Process.Wait();
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        Assert.True(took < Soon, $"{took}: {end.Error}");
        Assert.Equal(0, end.ExitCode);
        Assert.Contains("Closed the lake", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
        Assert.Equal(0, LakeProcess.Run(new LakeCall("check", "--lake", scratch["lake"])).ExitCode);
    }

    [Fact]
    public async Task A_body_that_does_not_come_while_the_server_stops_is_answered_and_not_stored()
    {
        using var scratch = new ScratchFolder();
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.DrainMax = TimeSpan.FromMilliseconds(200), scratch);
        using Socket socket = await RawRequest.ConnectAsync(server.Address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + "Content-Length: 1000\r\n\r\n" + ServerUnderTest.Line("half")));
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<Server.Requests.DrainState>().InFlight == 1, "the request is in flight");

        Task stopping = server.StopAsync();
        string answer = await RawRequest.ReadAsync(stream, headOnly: false, CancellationToken.None);
        await stopping;
        Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 5", answer, StringComparison.Ordinal);
        Assert.Contains("urn:orleanslake:problem:draining", answer, StringComparison.Ordinal);
        Assert.Contains("Nothing was stored", answer, StringComparison.Ordinal);
        Assert.Equal(0, LakeProcess.Run(new LakeCall("check", "--lake", scratch["lake"])).ExitCode);
        Assert.DoesNotContain("half", LakeProcess.Run(new LakeCall("report", "report1", "--lake", scratch["lake"], "--format", "csv")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 30_000)]
    [InlineData(60_000, 1_500)]
    [InlineData(60_000, 0)]
    public async Task An_applications_own_time_to_stop_holds_for_the_lakes_requests(int drainMs, int hostMs)
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(
            options => options.DrainMax = TimeSpan.FromMilliseconds(drainMs), "http://127.0.0.1:0",
            builder => builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(hostMs)));
        using Socket socket = await RawRequest.ConnectAsync(app.Address);
        await socket.SendAsync(Encoding.UTF8.GetBytes(Head + "Content-Length: 1000\r\n\r\n{"));
        await Eventually.HoldsAsync(() => app.Services.GetRequiredService<Server.Requests.DrainState>().InFlight == 1, "the request is in flight");

        long started = Stopwatch.GetTimestamp();
        await app.StopAsync();
        Assert.True(Stopwatch.GetElapsedTime(started) < Soon, $"{Stopwatch.GetElapsedTime(started)}");
    }

    [Theory]
    [InlineData(Head + "Content-Length: 1000\r\n\r\n{")]
    [InlineData(Head + "Content-Length: 1000\r\n\r\n")]
    [InlineData(Head + "Content-Length: 100000\r\nContent-Encoding: gzip\r\n\r\n\u001f")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\nno length\r\n")]
    [InlineData("POST /v1/embed-tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")]
    public async Task A_sender_that_leaves_in_the_middle_is_not_a_fault_of_the_server(string sent)
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(options => options.Embed.Keys.Add(EmbedKey.Create("site")), "http://127.0.0.1:0");
        Server.Requests.DrainState requests = app.Services.GetRequiredService<Server.Requests.DrainState>();
        for (int i = 0; i < 5; i++)
        {
            using Socket socket = await RawRequest.ConnectAsync(app.Address);
            await socket.SendAsync(Encoding.Latin1.GetBytes(sent));
            await Eventually.HoldsAsync(() => requests.InFlight == 1 || sent.Contains("no length", StringComparison.Ordinal), "the request is in flight");
            await Task.Delay(20);
            await using var stream = new NetworkStream(socket);
            socket.Shutdown(SocketShutdown.Send);
            await RawRequest.ReadAsync(stream, headOnly: false, CancellationToken.None);
        }

        await Eventually.HoldsAsync(() => requests.InFlight == 0, "no request is in flight");
        await app.StopAsync();
        Assert.DoesNotContain(app.Log, line => !line.StartsWith("Nothing is fsynced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_there_is_no_memory_for_leaves_the_connection_to_the_next()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Limits = options.Limits with { BodiesBytesMax = 100_000 });
        byte[] line = Encoding.UTF8.GetBytes(ServerUnderTest.Line("a"));
        byte[] large = new byte[150_000];
        large.AsSpan().Fill((byte)' ');
        using Socket socket = await RawRequest.ConnectAsync(server.Address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + $"Content-Length: {large.Length}\r\n\r\n"));
        await stream.WriteAsync(large);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + $"Connection: close\r\nContent-Length: {line.Length}\r\n\r\n"));
        await stream.WriteAsync(line);
        string answers = await RawRequest.ReadAsync(stream, headOnly: false, CancellationToken.None);
        Assert.StartsWith("HTTP/1.1 429", answers, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 202", answers, StringComparison.Ordinal);
    }
}
