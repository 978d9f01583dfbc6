using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Tests.Live;

public class StreamTests
{
    private static readonly LiveQuery Both = new()
    {
        Reports = [new("report1", ReportFilter.None), new("report2", ReportFilter.None)],
        WithStatus = true,
    };

    [Fact]
    public async Task Updates_folded_are_the_report_at_the_same_position_whatever_breaks()
    {
        int seed = Random.Shared.Next();
        long messages = long.Parse(Environment.GetEnvironmentVariable("ORLEANSLAKE_STREAM_MESSAGES") ?? "50000", System.Globalization.CultureInfo.InvariantCulture);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Task sending = SendAsync(server, messages, seed);
        Task[] watchers =
        [
            FollowAsync(server, Both, messages, seed + 1),
            FollowAsync(server, Both, messages, seed + 2),
            FollowAsync(server, new LiveQuery { Reports = [new("report1", new ReportFilter { From = new DateOnly(2024, 12, 3), Channels = ["C0", "C2"] })], WithStatus = true }, messages, seed + 3),
            FollowAsync(server, new LiveQuery { Reports = [new("report2", new ReportFilter { Top = 5 })], WithStatus = true }, messages, seed + 4),
            FollowAsync(server, new LiveQuery { Reports = [new("report2", new ReportFilter { Users = [3, 5, 8], Top = 2 })], WithStatus = true }, messages, seed + 5),
        ];
        await sending;
        await Task.WhenAll(watchers).WaitAsync(TimeSpan.FromMinutes(4) + TimeSpan.FromMilliseconds(messages));
    }

    [Fact]
    public async Task A_retraction_takes_a_number_back()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a", "SENT", "2024-12-16T10:00:00Z"), "?wait=report");
        await using IAsyncEnumerator<LiveUpdate> updates = server.NewClient().WatchAsync(
            new LiveQuery { Reports = [new("report1", ReportFilter.None)] }).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(1, Assert.IsType<LiveSnapshot>(updates.Current).Snapshot.Table.GrandTotal);
        await server.PostAsync(ServerUnderTest.Line("a", "SENT", "2024-12-15T10:00:00Z"));
        Assert.True(await updates.MoveNextAsync());
        LiveDelta delta = Assert.IsType<LiveDelta>(updates.Current);
        Assert.Equal((1, 1), (delta.Rows.RowCount, delta.Removed.RowCount));
        Assert.Equal(new DateOnly(2024, 12, 16).DayNumber, new DateOnly(1970, 1, 1).DayNumber + delta.Removed.Numbers(0).Values[0]);
    }

    [Fact]
    public async Task A_new_event_type_becomes_a_column()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        await using IAsyncEnumerator<LiveUpdate> updates = server.NewClient().WatchAsync(
            new LiveQuery { Reports = [new("report1", ReportFilter.None)] }).GetAsyncEnumerator();
        await updates.MoveNextAsync();
        await server.PostAsync(ServerUnderTest.Line("b", "BOUNCED"));
        await updates.MoveNextAsync();
        Assert.Equal(["date", "channel", "BOUNCED", "SENT", "total"], Assert.IsType<LiveDelta>(updates.Current).Columns!.Select(column => column.Name));
    }

    [Fact]
    public async Task It_goes_on_where_it_was_after_a_restart_if_nothing_came_and_starts_anew_otherwise()
    {
        using var scratch = new OrleansLake.TestSupport.ScratchFolder();
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        }

        await using ServerUnderTest later = await ServerUnderTest.StartAsync(scratch: scratch);
        using var resumed = new StreamReader(await Stream(later, "1.1"));
        Assert.Equal("event: position", await EventAsync(resumed));
        await later.PostAsync(ServerUnderTest.Line("b"));
        Assert.Equal("event: delta", await EventAsync(resumed));
        using var elsewhere = new StreamReader(await Stream(later, "1.0"));
        Assert.Equal("event: must-refetch", await EventAsync(elsewhere));
        Assert.Equal("event: snapshot", await EventAsync(elsewhere));
        using var nonsense = new StreamReader(await Stream(later, "what"));
        Assert.Equal("event: must-refetch", await EventAsync(nonsense));
    }

    [Fact]
    public async Task A_silent_stream_is_kept_alive()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using var reader = new StreamReader(await Stream(server, null));
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await reader.ReadLineAsync(timeout.Token) != ": keep-alive")
        {
        }
    }

    [Fact]
    public async Task Watchers_of_the_same_share_one_subscription()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        List<StreamReader> readers = [];
        for (int i = 0; i < 50; i++)
        {
            readers.Add(new StreamReader(await Stream(server, null)));
            Assert.Equal("event: snapshot", await EventAsync(readers[^1]));
        }

        await server.PostAsync(ServerUnderTest.Line("a"));
        foreach (StreamReader reader in readers)
        {
            Assert.Equal("event: delta", await EventAsync(reader));
        }

        ILakeClient client = (ILakeClient)server.Services.GetService(typeof(ILakeClient))!;
        Assert.Equal(1, (await client.GetStatusAsync()).Watchers);
        Assert.Equal(50, (await server.GetJsonAsync("/v1/status")).GetProperty("streams").GetInt32());
        readers.ForEach(reader => reader.Dispose());
    }

    [Fact]
    public async Task It_goes_on_from_the_first_snapshot_too()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        using var first = new StreamReader(await Stream(server, null));
        Assert.Equal("event: snapshot", await EventAsync(first));
        for (int i = 2; i <= 4; i++)
        {
            await server.PostAsync(ServerUnderTest.Line($"m{i}"), "?wait=report");
            Assert.Equal("event: delta", await EventAsync(first));
        }

        using var resumed = new StreamReader(await Stream(server, "1.1"));
        for (int i = 2; i <= 4; i++)
        {
            Assert.Equal("event: delta", await EventAsync(resumed));
        }
    }

    [Fact]
    public async Task Who_can_send_no_header_brings_an_embed_token_in_the_address()
    {
        (string key, LakeApiKey known) = LakeApiKey.Create("page", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options =>
        {
            options.Keys.Add(known);
            options.Embed.Keys.Add(EmbedKey.Create("site"));
        });
        await server.PostAsync(ServerUnderTest.Line("a"), token: key);
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/v1/embed-tokens") { Content = new StringContent("{\"reports\":{\"report1\":{}}}", null, "application/json") };
        ask.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", key);
        string token = (await ServerUnderTest.JsonAsync(await server.Http.SendAsync(ask))).Json.GetProperty("token").GetString()!;

        using HttpResponseMessage stream = await server.Http.GetAsync($"/v1/reports/report1/stream?access_token={token}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("event: snapshot", await EventAsync(reader));
        foreach ((string path, int status) in ((string, int)[])
            [
                ($"/v1/stream?access_token={token}&reports=report1", 200), ($"/v1/reports/report2/stream?access_token={token}", 403), ($"/v1/reports/report1?access_token={token}", 400),
                ($"/v1/reports/report1/stream?access_token={token[..^4]}AAAA", 401), ($"/v1/reports/report1/stream?access_token={key}", 401), ("/v1/reports/report1/stream", 401),
            ])
        {
            using HttpResponseMessage answer = await server.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(status == (int)answer.StatusCode, $"{path}: {answer.StatusCode}");
        }
    }

    private static async Task<Stream> Stream(ServerUnderTest server, string? after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1/stream");
        if (after is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        }

        HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsStreamAsync();
    }

    private static async Task<string> EventAsync(StreamReader reader)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            string line = await reader.ReadLineAsync(timeout.Token) ?? throw new EndOfStreamException();
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    private static async Task SendAsync(ServerUnderTest server, long messages, int seed)
    {
        var random = new Random(seed);
        HttpLakeClient client = server.NewClient();
        for (long sent = 0; sent < messages;)
        {
            int count = (int)Math.Min(messages - sent, random.Next(1, 400));
            string body = string.Concat(Enumerable.Range(0, count).Select(_ => ServerUnderTest.Line(
                $"m{random.NextInt64(messages)}", random.Next(20) == 0 ? "NONE" : $"E{random.Next(1 + (int)(5 * sent / messages))}",
                $"2024-12-{random.Next(1, 9):D2}T{random.Next(24):D2}:00:00Z", $"C{random.Next(4)}", random.Next(60))));
            await client.SendAsync(new(System.Text.Encoding.UTF8.GetBytes(body)), SendOptions.Default);
            sent += count;
        }
    }

    private static async Task FollowAsync(ServerUnderTest server, LiveQuery query, long messages, int seed)
    {
        var random = new Random(seed);
        HttpLakeClient client = server.NewClient();
        var folds = new Dictionary<string, ReportFold>();
        LakePosition? at = null;
        int compared = 0;
        while (at is null || at.Messages < messages)
        {
            int until = random.Next(1, 60);
            await foreach (LiveUpdate update in client.WatchAsync(query with { After = at }))
            {
                switch (update)
                {
                    case LiveSnapshot snapshot:
                        folds[snapshot.Snapshot.Report] = new ReportFold(snapshot.Snapshot.Table);
                        break;
                    case LiveDelta delta:
                        folds[delta.Report].Apply(delta.Rows, delta.Removed);
                        break;
                    case LiveStatus status:
                        Assert.True(status.Ledger.IsClosed);
                        break;
                    default:
                        break;
                }

                if (!update.IsComplete)
                {
                    continue;
                }

                at = update.Position;
                if (random.Next(10) == 0 || at.Messages == messages)
                {
                    compared += await CompareAsync(client, query, folds, at, seed);
                }

                if (--until <= 0 || at.Messages == messages)
                {
                    // It goes away in the middle of the stream, and comes back from there.
                    break;
                }
            }
        }

        Assert.True(compared > 0);
    }

    private static async Task<int> CompareAsync(HttpLakeClient client, LiveQuery query, Dictionary<string, ReportFold> folds, LakePosition at, int seed)
    {
        int compared = 0;
        foreach (LiveReportQuery report in query.Reports)
        {
            ReportSnapshot snapshot = await client.GetReportAsync(new ReportQuery { Report = report.Report, Filter = report.Filter, MinPosition = at });
            if (snapshot.Position.Equals(at))
            {
                compared++;
                Assert.True(
                    ServerUnderTest.Ndjson(snapshot.Table) == ServerUnderTest.Ndjson(folds[report.Report].ToTable()),
                    $"seed {seed}, {report}, position {at}:\n{ServerUnderTest.Ndjson(snapshot.Table)}\nfolded:\n{ServerUnderTest.Ndjson(folds[report.Report].ToTable())}");
            }
        }

        return compared;
    }
}
