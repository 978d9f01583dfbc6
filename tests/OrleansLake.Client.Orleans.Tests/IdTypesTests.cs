using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using OrleansLake.Client.Orleans;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.Server;
using OrleansLake.Server.Settings;
using OrleansLake.TestSupport;

namespace OrleansLake.Client.Tests;

/// <summary>Silos of lakes whose ids are texts or numbers of 64 bits, and a server outside of them, whose settings say nothing of the lake.</summary>
public sealed class IdTypesTests : IAsyncDisposable
{
    private const string Countries = "country,country_id\nGermany,DE\n\"Korea, South\",KR\n";

    // More users than ranges of them, so that each grain of a range has some.
    private const int UserCount = 20;
    private const int Messages = 200;

    private static readonly EmbedKey Site = EmbedKey.Create("site");

    private readonly ScratchFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new();
    private InProcessTestCluster _cluster = null!;
    private Task _serving = Task.CompletedTask;

    [Theory]
    [InlineData("text", "text", DeduplicationKind.MessageGrains)]
    [InlineData("text", "int32", DeduplicationKind.KeyRanges)]
    [InlineData("int64", "text", DeduplicationKind.KeyRanges)]
    public async Task Messages_go_through_deduplication_and_reports_and_stay_when_partitions_move(string user, string country, DeduplicationKind deduplication)
    {
        await StartAsync(user, country, deduplication);
        var grains = new GrainLakeClient(_cluster.Client, TimeProvider.System);
        await SendAsync(grains, Lines(user, country, 0, Messages / 2));
        await PublishedAsync(grains, Messages / 2);

        // Behind the snapshots, in the log alone: the second half, an earlier copy of a message of the first one for another user, and copies that do not count.
        await SendAsync(grains, Lines(user, country, Messages / 2, Messages) + Line("m0", User(user, 1), Country(country, 1), "09:00:00") + Lines(user, country, 1, 10));
        string before = await AssertHasAllAsync(grains, user, country);
        await _cluster.StartAdditionalSiloAsync();
        await _cluster.StopSiloAsync(_cluster.Silos[1]);
        Assert.Equal(before, await AssertHasAllAsync(grains, user, country));
        await SendAsync(grains, Line("last", User(user, 0), "null", "12:00:00"));
        Assert.NotEqual(before, await Report2Async(grains));
        await PublishedAsync(grains, Messages + 11);
        await _cluster.StopAllSilosAsync();
        Assert.All(LakeReader.Open(_folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));
    }

    [Fact]
    public async Task A_server_outside_of_the_silos_asks_what_users_are()
    {
        await StartAsync("text", "text", DeduplicationKind.KeyRanges);
        await ServeAsync();
        using (var body = Body(Lines("text", "text", 0, 40)))
        {
            Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync(Uri("v1/messages?wait=report"), body)).StatusCode);
        }

        Assert.Equal("{\"user_id\":\"user-3\",\"iterations\":2,\"SMS\":2}\n", await _http.GetStringAsync(Uri("v1/reports/report2.ndjson?user=user-3")));
        Assert.Equal("", await _http.GetStringAsync(Uri("v1/reports/report2.ndjson?user=3")));
        using JsonDocument status = JsonDocument.Parse(await _http.GetStringAsync(Uri("v1/status")));
        Assert.Equal(("text", "text"), (status.RootElement.GetProperty("user_id_type").GetString(), status.RootElement.GetProperty("country_id_type").GetString()));
        Assert.Equal(("UTC", 0), (status.RootElement.GetProperty("time_zone").GetString(), status.RootElement.GetProperty("keep").GetArrayLength()));
        using JsonDocument api = JsonDocument.Parse(await _http.GetStringAsync(Uri("openapi/v1.json")));
        Assert.Equal("string", api.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("MessageCopy").GetProperty("properties").GetProperty("user_id").GetProperty("type")[0].GetString());

        // A mapping that gives each record one user.
        using (var mapping = Body("""{"fields":{"user_id":{"constant":"nobody"},"country_id":{"constant":"DE"}}}"""))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await _http.PutAsync(Uri("v1/mappings/anonymous"), mapping)).StatusCode);
        }

        using (var body = Body("""{"timestamp":"2024-12-16T10:00:00Z","message_id":"mapped","event_type":"SENT","channel":"SMS"}"""))
        {
            Assert.Equal(HttpStatusCode.OK, (await _http.PostAsync(Uri("v1/messages?wait=report&mapping=anonymous"), body)).StatusCode);
        }

        using JsonDocument life = JsonDocument.Parse(await _http.GetStringAsync(Uri("v1/messages/mapped")));
        Assert.Equal(("nobody", "DE"), (life.RootElement.GetProperty("copies")[0].GetProperty("user_id").GetString(), life.RootElement.GetProperty("copies")[0].GetProperty("country_id").GetString()));
    }

    [Fact]
    public async Task A_stream_and_an_embed_token_are_locked_to_users_that_are_texts()
    {
        await StartAsync("text", "int32", DeduplicationKind.KeyRanges);
        await ServeAsync();
        using var unasked = new HttpRequestMessage(HttpMethod.Get, Uri("v1/reports/report2.ndjson"));

        // The first request of all, signed by the site: nothing has asked the lake before.
        string token = new EmbedTokens([Site], TimeSpan.FromHours(1), TimeProvider.System, Core.Reports.LakeReports.All.Of(new IdTypes(IdType.Text, IdType.Number32))).Write(
            new EmbedToken { KeyId = Site.Id, ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5), Reports = new Dictionary<string, ReportFilter> { ["report2"] = new() { Users = [new IdValue("user-3")] } } });
        unasked.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage locked = await _http.SendAsync(unasked);
        Assert.Equal((HttpStatusCode.OK, ""), (locked.StatusCode, await locked.Content.ReadAsStringAsync()));
        await SendAsync(new GrainLakeClient(_cluster.Client, TimeProvider.System), Lines("text", "int32", 0, 40));
        using var asked = new HttpRequestMessage(HttpMethod.Get, Uri("v1/reports/report2.ndjson"));
        asked.Headers.Authorization = unasked.Headers.Authorization;
        using HttpResponseMessage own = await _http.SendAsync(asked);
        Assert.Equal("{\"user_id\":\"user-3\",\"iterations\":2,\"SMS\":2}\n", await own.Content.ReadAsStringAsync());

        var options = new LakeHttpOptions { BaseAddress = _http.BaseAddress };
        using var http = HttpLakeClient.Configure(new HttpClient(), options);
        var client = new HttpLakeClient(http, options);
        Assert.Equal(IdTypes.Default, client.Reports.Ids);
        Assert.Equal(new IdTypes(IdType.Text, IdType.Number32), await client.GetIdTypesAsync());
        Assert.Equal(IdType.Text, client.Reports.Ids.User);
        using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (LiveUpdate update in client.WatchAsync(new LiveQuery { Reports = [new LiveReportQuery("report2", new ReportFilter { Users = [new IdValue("user-4")] })] }, enough.Token))
        {
            if (update is LiveSnapshot snapshot)
            {
                Assert.Equal("{\"user_id\":\"user-4\",\"iterations\":2,\"SMS\":2}\n", Ndjson(snapshot.Snapshot.Table));
                break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        await _cluster.DisposeAsync();
        _folder.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task StartAsync(string user, string country, DeduplicationKind deduplication)
    {
        string countries = _folder["countries.csv"];
        await File.WriteAllTextAsync(countries, Countries);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddLake(_folder["lake"], options =>
        {
            options.Partitions = 4;
            options.UserId = user;
            options.CountryId = country;
            options.CountriesFile = country == "text" ? countries : null;
            options.Deduplication = deduplication;
            options.Trigger = TimeSpan.FromMilliseconds(200);
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    private async Task ServeAsync()
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _serving = LakeWebServer.RunAsync(
            new ServeSettings
            {
                Urls = ["http://127.0.0.1:0"],
                OwnsLake = false,
                AddServices = services => services.AddSingleton<ILakeClient>(new GrainLakeClient(_cluster.Client, TimeProvider.System)),
                LogLevel = LogLevel.Error,
                Configure = options => options.Embed.Keys.Add(Site),
                Started = urls => listening.SetResult(urls.Single()),
            },
            _stop.Token);
        await Task.WhenAny(listening.Task, _serving);
        _http.BaseAddress = new Uri(await listening.Task);
    }

    // What each user has, and one message's copies: by the grains, with all of them in.
    private static async Task<string> AssertHasAllAsync(GrainLakeClient grains, string user, string country)
    {
        string report = await Report2Async(grains);
        string[] lines = report.TrimEnd('\n').Split('\n');
        Assert.Equal(UserCount, lines.Length);
        Assert.Equal($"{{\"user_id\":{User(user, 1)},\"iterations\":11,\"SMS\":11}}", lines[0]);
        Assert.Equal($"{{\"user_id\":{User(user, 0)},\"iterations\":9,\"SMS\":9}}", lines[^1]);
        Assert.All(lines[1..^1], static line => Assert.Contains("\"iterations\":10,", line, StringComparison.Ordinal));
        IdValue one = user == "text" ? new IdValue("user-1") : new IdValue(long.Parse(User(user, 1).Trim('"'), CultureInfo.InvariantCulture));
        ReportSnapshot filtered = await grains.GetReportAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Users = [one] } });
        Assert.Equal(lines[0] + "\n", Ndjson(filtered.Table));
        ReportSnapshot top = await grains.GetReportAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Top = 5 } });
        Assert.Equal(string.Concat(lines.Take(5).Select(static line => line + "\n")), Ndjson(top.Table));
        MessageLife life = await grains.GetMessageAsync("m0");
        Assert.Equal([MessageOutcome.Suppressed, MessageOutcome.Counted], life.Copies.Select(static copy => copy.Outcome));
        Assert.Equal((one, country == "text" ? new IdValue("KR") : new IdValue(2001)), (life.Copies[1].UserId, life.Copies[1].CountryId));
        Assert.Equal((user, country), (IdTypes.Name((await grains.GetStatusAsync()).Ids.User), IdTypes.Name(grains.Reports.Ids.Country)));
        return report;
    }

    private static async Task<string> Report2Async(GrainLakeClient grains) => Ndjson((await grains.GetReportAsync(new ReportQuery { Report = "report2" })).Table);

    private static async Task SendAsync(GrainLakeClient grains, string lines)
    {
        SendResult sent = await grains.SendAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(lines)), new SendOptions { WaitForReports = true });
        Assert.Equal((SendStatus.Stored, 0L), (sent.Status, sent.Quarantined));
    }

    private static async Task PublishedAsync(GrainLakeClient grains, long messages)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await grains.GetStatusAsync(timeout.Token)).Published < messages)
        {
            await Task.Delay(20, timeout.Token);
        }
    }

    private static string Ndjson(Core.Reports.ReportTable table)
    {
        var bytes = new ArrayBufferWriter<byte>();
        table.WriteNdjson(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static StringContent Body(string text) => new(text, Encoding.UTF8, text.Contains("fields", StringComparison.Ordinal) ? "application/json" : "application/x-ndjson");

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private static string Lines(string user, string country, int first, int end) =>
        string.Concat(Enumerable.Range(first, end - first).Select(i => Line($"m{i}", User(user, i % UserCount), Country(country, i), "10:00:00")));

    private static string User(string type, int number) => type == "text" ? $"\"user-{number}\"" : $"\"{long.MaxValue - number}\"";

    private static string Country(string type, int number) => type == "text" ? (number % 2 == 0 ? "\"DE\"" : "\"KR\"") : $"{2000 + (number % 16)}";

    private static string Line(string id, string user, string country, string time) =>
        $$"""{"timestamp":"2024-12-16T{{time}}Z","event_type":"SENT","channel":"SMS","message_id":"{{id}}","country_id":{{country}},"user_id":{{user}}}""" + "\n";
}
