using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests;

public class GoldenTests
{
    private const int Clients = 8;

    [Fact]
    public async Task Golden_posted_by_eight_clients_with_cut_connections_gives_the_oracles_reports()
    {
        int seed = Random.Shared.Next();
        string[] lines = ReadLines();
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => PostAsync(server, lines, client, new Random(seed + client))));

        // Acknowledged is durable: the reports show it a moment later.
        string report1 = await server.Http.GetStringAsync($"/v1/reports/report1.ndjson?min_position=1.{lines.Length}");
        string report2 = await server.Http.GetStringAsync($"/v1/reports/report2.ndjson?min_position=1.{lines.Length}");
        JsonElement ledger = (await server.GetJsonAsync("/v1/ledger")).GetProperty("total");
        await server.StopAsync();

        Message[] bronze = ReadBronze(server.Lake);
        Assert.True(lines.Length == bronze.Length, $"seed {seed}: {bronze.Length} messages are in bronze, not {lines.Length}");
        Assert.True(Oracle.Report1(bronze) == report1, $"seed {seed}");
        Assert.True(Oracle.Report2(bronze) == report2, $"seed {seed}");
        Assert.Equal(lines.Length, ledger.GetProperty("bronze").GetInt32());
        Assert.Equal(bronze.Count(Oracle.IsCorrupted), ledger.GetProperty("messages_corrupted").GetInt32());

        // Ties aside, order does not matter: report 1 has no field in which tied copies differ.
        Assert.True(await File.ReadAllTextAsync(Fixtures.Path("golden/utc/report1.ndjson")) == report1, $"seed {seed}");
        Assert.True(LakeReader.Open(server.Lake).Check(2).Passed);
    }

    private static async Task PostAsync(ServerUnderTest server, string[] lines, int client, Random random)
    {
        string[] own = [.. lines.Where((_, i) => i % Clients == client)];
        for (int start = 0, batch = 0; start < own.Length; batch++)
        {
            int count = Math.Min(own.Length - start, random.Next(1, 300));
            byte[] body = Encoding.UTF8.GetBytes(string.Join('\n', own[start..(start + count)]) + "\n");
            string key = $"client{client}-{batch}";
            while (random.Next(3) == 0)
            {
                await CutAsync(server.Address, body, key, random);
            }

            while (true)
            {
                using HttpResponseMessage response = await server.PostAsync(body, key: key);
                if (response.StatusCode == HttpStatusCode.Conflict)
                {
                    // The one that was cut off is still being stored.
                    continue;
                }

                (int status, JsonElement json) = await ServerUnderTest.JsonAsync(response);
                Assert.Equal(202, status);
                Assert.Equal(count, json.GetProperty("accepted").GetInt32() + json.GetProperty("duplicates").GetInt32());
                break;
            }

            start += count;
        }
    }

    // Sends the request up to some byte, or the whole of it, and goes away without the answer.
    private static async Task CutAsync(Uri address, byte[] body, string key, Random random)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(address.Host, address.Port);
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST /v1/messages HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-ndjson\r\nIdempotency-Key: {key}\r\nContent-Length: {body.Length}\r\n\r\n");
        byte[] all = [.. head, .. body];
        int until = random.Next(2) == 0 ? all.Length : random.Next(all.Length);
        await socket.SendAsync(all.AsMemory(0, until));
    }

    private static string[] ReadLines()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Fixtures.Path("golden/events.ndjson.gz")), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Message[] ReadBronze(string lake)
    {
        var rows = new List<(long Offset, Message Message)>();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(lake, "silver"), "*.parquet", SearchOption.AllDirectories))
        {
            using ParquetReader reader = ParquetReader.Open(path);
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                Int64Buffer timestamps = new(), offsets = new();
                BytesBuffer eventTypes = new(), ids = new(), channels = new();
                Int32Buffer countries = new(), users = new();
                reader.Read(group, "timestamp", timestamps);
                reader.Read(group, "event_type", eventTypes);
                reader.Read(group, "message_id", ids);
                reader.Read(group, "channel", channels);
                reader.Read(group, "country_id", countries);
                reader.Read(group, "user_id", users);
                reader.Read(group, "bronze_offset", offsets);
                for (int row = 0; row < offsets.Count; row++)
                {
                    int day = (int)Math.Floor(timestamps.Values[row] / 86_400_000_000.0);
                    rows.Add((offsets.Values[row], new Message(
                        timestamps.Values[row], Text(eventTypes, row), Text(ids, row), Text(channels, row),
                        countries.IsNull(row) ? null : countries.Values[row], users.IsNull(row) ? null : users.Values[row], day)));
                }
            }
        }

        return [.. rows.OrderBy(row => row.Offset).Select(row => row.Message)];
    }

    private static string? Text(BytesBuffer buffer, int row) => buffer.IsNull(row) ? null : Encoding.UTF8.GetString(buffer[row]);
}
