using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Api;

public class PackedBodyTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => ServerUnderTest.Line($"m{i}"))));

    [Theory]
    [InlineData("")]
    [InlineData("?strict=true")]
    [InlineData("?wait=report")]
    public async Task What_is_not_a_whole_gzip_stream_is_refused_and_its_key_stays_free(string query)
    {
        byte[] packed = Pack(Text);
        byte[] stored = Pack(Text, CompressionLevel.NoCompression);
        byte[][] broken =
        [
            stored[..(stored.Length / 3)], packed[..(packed.Length / 2)], packed[..^8], packed[..^4], packed[..^1], packed[..5], packed[..1],
            Changed(packed, packed.Length - 6), Changed(packed, packed.Length - 2), [.. packed, .. "noise"u8], [.. packed, 0, 7], [.. packed, .. "noise"u8, .. packed],
            [.. packed, .. packed[..(packed.Length - 3)]], [.. packed, 0x1F, 0x8B], Text, [0, 0, 0],
        ];
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        foreach (byte[] body in broken)
        {
            foreach (string? key in (string?[])["k", null])
            {
                (int status, JsonElement problem) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, query, key: key, encoding: "gzip"));
                Assert.Equal((400, "urn:orleanslake:problem:bad-gzip"), (status, problem.GetProperty("type").GetString()));
                Assert.Contains("nothing was stored", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }

        Assert.Contains("cut off", (await ServerUnderTest.JsonAsync(await server.PostAsync(broken[0], query, encoding: "gzip"))).Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        JsonElement total = (await server.GetJsonAsync("/v1/ledger")).GetProperty("total");
        Assert.Equal((0, 0), (total.GetProperty("bronze").GetInt32(), total.GetProperty("rejected").GetInt32()));
        (_, JsonElement whole) = await ServerUnderTest.JsonAsync(await server.PostAsync(packed, query, key: "k", encoding: "gzip"));
        Assert.Equal(300, whole.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Members_padding_and_spellings_are_gzip_and_other_encodings_are_not()
    {
        byte[] packed = Pack(Text);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        foreach ((byte[] body, string encoding, int messages) in ((byte[], string, int)[])
            [(packed, "gzip", 300), (packed, "x-gzip", 300), (packed, "GZip", 300), ([.. packed, .. packed], "gzip", 600), ([.. packed, .. new byte[100_000]], "gzip", 300), ([.. packed, .. new byte[5], .. packed], "gzip", 600), (Text, "identity", 300)])
        {
            (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, encoding: encoding));
            Assert.Equal((202, messages), (status, answer.GetProperty("accepted").GetInt32()));
        }

        foreach (string encoding in (string[])["br", "deflate", "zstd", "compress", "snappy"])
        {
            using HttpResponseMessage refused = await server.PostAsync(packed, encoding: encoding);
            Assert.Equal((415, "gzip"), ((int)refused.StatusCode, refused.Headers.NonValidated["Accept-Encoding"].ToString()));
        }

        using var twice = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new ByteArrayContent(Pack(packed)) };
        twice.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
        twice.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip, gzip");
        Assert.Equal(415, (int)(await server.Http.SendAsync(twice)).StatusCode);
        Assert.Equal(400, (int)(await server.PostAsync(packed)).StatusCode);
    }

    [Fact]
    public async Task What_is_known_not_to_be_json_is_told_once_and_its_key_stays_free()
    {
        byte[] packed = Pack(Text);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        foreach ((byte[] body, string? encoding, string code, string kind) in ((byte[], string?, string, string)[])
            [
                (Pack(packed), "gzip", "bad-gzip", "twice"), (Pack(Pack(Text, CompressionLevel.NoCompression)), "gzip", "bad-gzip", "twice"), (packed, null, "bad-gzip", "Content-Encoding"),
                ([0x28, 0xB5, 0x2F, 0xFD, 4, 0, 10, 10], null, "not-json", "zstd"), ([0x28, 0xB5, 0x2F, 0xFD], "gzip", "not-json", "zstd"),
                ([.. "PK"u8, 3, 4, 20, 0, 10, 10], null, "not-json", "zip archive"), ([.. "BZh91AY&SY"u8, 10, 10], null, "not-json", "bzip2"), ([0xFD, .. "7zXZ"u8, 0, 10], null, "not-json", "xz"),
                ([.. "PAR1"u8, 21, 10, 10], null, "not-json", "Parquet"), (Encoding.Unicode.GetBytes("{\n}\n"), null, "not-json", "UTF-16LE"), (Encoding.BigEndianUnicode.GetBytes("[1]"), null, "not-json", "UTF-16BE"),
                ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\n}")], "gzip", "not-json", "UTF-16LE"), (Encoding.UTF32.GetBytes("{\n}"), null, "not-json", "UTF-32LE"), ([.. "%PDF-1.4\n"u8], null, "not-json", "PDF"),
            ])
        {
            foreach (string? key in (string?[])["k", null])
            {
                byte[] sent = encoding is null || body.AsSpan().StartsWith(packed.AsSpan(0, 3)) ? body : Pack(body);
                (int status, JsonElement problem) = await ServerUnderTest.JsonAsync(await server.PostAsync(sent, key: key, encoding: encoding));
                Assert.Equal((400, $"urn:orleanslake:problem:{code}"), (status, problem.GetProperty("type").GetString()));
                Assert.Contains(kind, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }

        JsonElement total = (await server.GetJsonAsync("/v1/ledger")).GetProperty("total");
        Assert.Equal((0, 0), (total.GetProperty("bronze").GetInt32(), total.GetProperty("rejected").GetInt32()));
        (_, JsonElement whole) = await ServerUnderTest.JsonAsync(await server.PostAsync(Text, key: "k"));
        Assert.Equal(300, whole.GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData("Content-Length: 100000\r\n\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "C8\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz", "")]
    public async Task A_body_whose_sender_leaves_is_not_stored_in_part(string head, string chunk)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using (Socket socket = await RawRequest.ConnectAsync(server.Address))
        {
            string start = $"POST /v1/messages HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/x-ndjson\r\nIdempotency-Key: k\r\n{head}";
            await socket.SendAsync(Encoding.UTF8.GetBytes(start + chunk + ServerUnderTest.Line("half") + "\r\n"));
        }

        // The one that comes after it is stored, and its key is free.
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(ServerUnderTest.Line("whole"), "?wait=report", key: "k"));
        Assert.Equal((200, 1, "1.1"), (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("token").GetString()));
    }

    private static byte[] Pack(byte[] text, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        {
            gzip.Write(text);
        }

        return packed.ToArray();
    }

    private static byte[] Changed(byte[] packed, int at)
    {
        byte[] changed = [.. packed];
        changed[at] ^= 0x10;
        return changed;
    }
}
