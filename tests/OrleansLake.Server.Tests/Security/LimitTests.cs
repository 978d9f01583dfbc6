using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Security;

/// <summary>Tests what clients can take of the server's memory, connections and streams.</summary>
public partial class LimitTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task Connections_beyond_the_cap_are_closed_and_places_come_back()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Limits = new LakeServerLimits { ConnectionsMax = 4 });
        string request = $"GET /alive HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n";
        List<Socket> open = [];
        for (int i = 0; i < 4; i++)
        {
            open.Add(await RawRequest.ConnectAsync(server.Address));
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(open[^1], request), StringComparison.Ordinal);
        }

        using (Socket beyond = await RawRequest.ConnectAsync(server.Address))
        {
            Assert.Equal("", await AskAsync(beyond, request));
        }

        // Those that are in continue.
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(open[1], request), StringComparison.Ordinal);
        open[0].Dispose();
        await Eventually.GetAsync(
            async () =>
            {
                using Socket next = await RawRequest.ConnectAsync(server.Address);
                return await AskAsync(next, request) is { Length: > 0 } answer ? answer : null;
            },
            "a place comes back");
        open.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_line_of_a_gigabyte_is_413_and_takes_no_more_memory_than_a_body_may_plain_packed_or_announced()
    {
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"]);
        await PostAsync(server, Encoding.UTF8.GetBytes(ServerUnderTest.Line("first")), HttpStatusCode.OK);
        long before = PeakBytes(server);

        byte[] piece = new byte[MiB];
        piece.AsSpan().Fill((byte)'x');
        Assert.StartsWith("HTTP/1.1 413", await StreamAsync(server.Address, "Transfer-Encoding: chunked\r\n", [.. "100000\r\n"u8, .. piece, .. "\r\n"u8], 1024), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 413", await StreamAsync(server.Address, "Content-Length: 1073741824\r\n", piece, 1024), StringComparison.Ordinal);

        // A gigabyte in a few megabytes: gzip members one after the other are one text.
        byte[] member = Packed(64 * MiB);
        byte[] packed = [.. Enumerable.Repeat(member, 16).SelectMany(bytes => bytes)];
        Assert.True(packed.Length < 16 * MiB);
        await PostAsync(server, packed, HttpStatusCode.RequestEntityTooLarge, "gzip");

        // The largest bodies that are taken: 16 MiB, and 64 MiB unpacked, in rented arrays that double.
        long grown = PeakBytes(server) - before;
        Assert.True(grown < 400L * MiB, $"The peak grew by {grown / MiB} MiB.");
        await PostAsync(server, Encoding.UTF8.GetBytes(ServerUnderTest.Line("last")), HttpStatusCode.OK);
        JsonElement total = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/ledger")).RootElement.GetProperty("total");
        Assert.Equal((2, 0), (total.GetProperty("bronze").GetInt32(), total.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task Links_in_the_lakes_folder_lead_nowhere()
    {
        using var scratch = new ScratchFolder();
        string outside = scratch["outside"];
        Directory.CreateDirectory(outside);
        await using (ServerUnderTest source = await ServerUnderTest.StartAsync())
        {
            await source.PostAsync(ServerUnderTest.Line("stolen"), "?wait=report");
            await source.StopAsync();
            File.Copy(Directory.EnumerateFiles(Path.Combine(source.Lake, "bronze", "messages", "data"), "*.parquet").Single(), Path.Combine(outside, "theirs.parquet"));
        }

        string bronze = Path.Combine(scratch["lake"], "bronze", "messages", "data");
        Directory.CreateDirectory(bronze);
        File.CreateSymbolicLink(Path.Combine(bronze, "file.parquet"), Path.Combine(outside, "theirs.parquet"));
        File.CreateSymbolicLink(Path.Combine(bronze, "passwords.parquet"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(bronze, "folder"), outside);
        Directory.CreateSymbolicLink(Path.Combine(bronze, "loop"), bronze);

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch);
        await server.PostAsync(ServerUnderTest.Line("own"), "?wait=report");
        await server.StopAsync();
        await using ServerUnderTest later = await ServerUnderTest.StartAsync(scratch: scratch);
        JsonElement total = (await later.GetJsonAsync("/v1/ledger")).GetProperty("total");
        Assert.Equal(1, total.GetProperty("bronze").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await later.Http.GetAsync("/v1/messages/stolen")).StatusCode);
        Assert.Equal(0, (await later.GetJsonAsync("/v1/quarantine")).GetProperty("total").GetInt32());
    }

    private static async Task<string> AskAsync(Socket socket, string request)
    {
        await using var stream = new NetworkStream(socket);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), timeout.Token);
        }
        catch (IOException)
        {
            return "";
        }

        return await RawRequest.ReadAsync(stream, headOnly: true, timeout.Token);
    }

    // Sends until the server has had enough; gives its answer.
    private static async Task<string> StreamAsync(Uri address, string header, byte[] piece, int pieces)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using Socket socket = await RawRequest.ConnectAsync(address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/messages HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-ndjson\r\n{header}\r\n"), timeout.Token);
        Task<string> answer = RawRequest.ReadAsync(stream, headOnly: true, timeout.Token);
        try
        {
            for (int sent = 0; sent < pieces && !answer.IsCompleted; sent++)
            {
                await stream.WriteAsync(piece, timeout.Token);
            }
        }
        catch (IOException)
        {
            // It takes no more.
        }

        return await answer;
    }

    private static async Task PostAsync(ServedProcess server, byte[] body, HttpStatusCode expected, string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using HttpResponseMessage response = await server.Http.PostAsync("/v1/messages?wait=report", content);
        Assert.Equal(expected, response.StatusCode);
    }

    private static byte[] Packed(int length)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] piece = new byte[MiB];
            piece.AsSpan().Fill((byte)'x');
            for (int written = 0; written < length; written += piece.Length)
            {
                gzip.Write(piece);
            }
        }

        return packed.ToArray();
    }

    // What the process had in memory at most so far, as Linux counts it.
    private static long PeakBytes(ServedProcess server)
    {
        Match peak = Peak().Match(File.ReadAllText($"/proc/{server.Process.Id}/status"));
        return long.Parse(peak.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex Peak();
}
