using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using OrleansLake.Engine;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>Silos that are stopped: what they leave, and how long they take.</summary>
public sealed class StopTests : IDisposable
{
    // What docs/cluster.md says, and what the process itself needs to end on a machine that does other work.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("alone")]
    [InlineData("one after the other")]
    [InlineData("first the one with partition 0")]
    [InlineData("at once")]
    public async Task What_a_cluster_that_stopped_leaves_is_everything_that_it_acknowledged_gold_too(string how)
    {
        // Nothing is written by a trigger.
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        string second = $"http://127.0.0.1:{FreePort.Take()}";
        (string, string) trigger = ("Lake__TriggerMs", "600000");
        await using SiloProcess first = SiloProcess.BeginAlone(_folder["lake"], http, trigger);
        await first.StartedAsync();
        await SendAsync(http, "CREATED", 0);
        if (how == "alone")
        {
            await SendAsync(http, "SENT", 1);
            Assert.Equal(0, await first.TerminateAsync());
        }
        else
        {
            await using SiloProcess other = SiloProcess.BeginAlone(_folder["lake"], second, trigger, ("Cluster__PrimaryPort", $"{first.Port}"));
            await other.StartedAsync();
            await first.SaidAsync($"the silo 127.0.0.1:{other.Port} is there");
            (SiloProcess leaves, SiloProcess stays, string stayed) = how == "first the one with partition 0" ? (first, other, second) : (other, first, http);
            if (how == "at once")
            {
                await SendAsync(http, "SENT", 1);
                first.Terminate();
                other.Terminate();
            }
            else
            {
                leaves.Terminate();
                Assert.Equal(0, await leaves.EndedAsync());
                await SendAsync(stayed, "SENT", 1);
                stays.Terminate();
            }

            Assert.Equal(0, await first.EndedAsync());
            Assert.Equal(0, await other.EndedAsync());

            // At once, one may have begun to open what the other was about to publish, and says so.
            Assert.DoesNotContain(other.Output.Split('\n'), line => line.Contains("warn:", StringComparison.Ordinal) && !(how == "at once" && line.Contains("leaves gold behind", StringComparison.Ordinal)));
        }

        LakeReader reader = LakeReader.Open(_folder["lake"]);
        CheckResult check = reader.CheckDeep(2);
        if (how == "at once")
        {
            // What gold does not have, the log has.
            Assert.True(check.Passed || check.IsOnlyBehind, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
            Assert.Equal(200, await CaughtUpAsync());
            return;
        }

        Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
        Assert.Equal(200, reader.Ledger.Total.Bronze);
        Assert.Equal(200, reader.Ledger.Total.Deduplicated);
        Assert.Contains("SENT", reader.Report("report1").ColumnNames);
    }

    [Theory]
    [InlineData("has another lake")]
    [InlineData("was killed")]
    public async Task The_last_silo_writes_gold_though_the_list_still_has_one_that(string how)
    {
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        (string, string) trigger = ("Lake__TriggerMs", "600000");
        await using SiloProcess last = SiloProcess.BeginAlone(_folder["lake"], http, trigger);
        await last.StartedAsync();
        bool isKilled = how == "was killed";
        await using SiloProcess other = SiloProcess.BeginAlone(
            _folder[isKilled ? "lake" : "other"], null, trigger, ("Cluster__PrimaryPort", $"{last.Port}"));
        if (isKilled)
        {
            await other.StartedAsync();
            await last.SaidAsync($"the silo 127.0.0.1:{other.Port} is there");
            await SendAsync(http, "SENT", 0);
            await other.KillAsync();
        }
        else
        {
            Assert.Equal(2, await other.EndedAsync());
            await SendAsync(http, "SENT", 0);
        }

        await StopsInTimeAsync(last);
        CheckResult check = LakeReader.Open(_folder["lake"]).CheckDeep(2);
        Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)) + last.Output);
        Assert.True(File.Exists(_folder["lake/gold/report1/data/report1.parquet"]), last.Output);
        Assert.Equal(100, await CaughtUpAsync());
    }

    [PostgreSqlFact]
    public async Task A_silo_whose_database_is_away_stops_in_time_and_loses_nothing()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4, ("Http__Urls", http));
        await silo.StartedAsync();
        await SendAsync(http, "SENT", 0);
        await database.DownAsync();
        await StopsInTimeAsync(silo);
        Assert.Equal(100, await CaughtUpAsync());
    }

    [PostgreSqlFact]
    public async Task Silos_that_stop_under_load_do_so_in_time_and_what_was_acknowledged_is_there()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess one = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4, ("Http__Urls", http));
        await using SiloProcess two = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4);
        await one.StartedAsync();
        await two.StartedAsync();
        using var enough = new CancellationTokenSource();
        Task<int>[] senders = [.. Enumerable.Range(0, 4).Select(sender => LoadAsync(http, sender, enough.Token))];
        await Task.Delay(TimeSpan.FromSeconds(5));
        await Task.WhenAll(StopsInTimeAsync(one), StopsInTimeAsync(two));
        await enough.CancelAsync();
        int acknowledged = (await Task.WhenAll(senders)).Sum();
        Assert.NotEqual(0, acknowledged);
        Assert.InRange(await CaughtUpAsync(), acknowledged, long.MaxValue);
        Assert.True(LakeReader.Open(_folder["lake"]).Check(2).Passed);
    }

    private async Task<long> CaughtUpAsync()
    {
        await using Lake lake = await Lake.OpenAsync(new LakeOptions { Path = _folder["lake"] });
        await lake.RunAsync(new RunOptions { UntilCaughtUp = true });
        return lake.Status.Ledger.Bronze;
    }

    private static async Task StopsInTimeAsync(SiloProcess silo)
    {
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await silo.TerminateAsync());
        Assert.True(Stopwatch.GetElapsedTime(started) < StopMax, $"{Stopwatch.GetElapsedTime(started)}: {silo.Output}");
    }

    private static async Task<int> LoadAsync(string http, int sender, CancellationToken cancellationToken)
    {
        int acknowledged = 0;
        for (int round = 0; !cancellationToken.IsCancellationRequested; round++)
        {
            try
            {
                acknowledged += await PostAsync(http, "SENT", $"{sender}-{round}-", 500, null) ? 500 : 0;
            }
            catch (HttpRequestException)
            {
                // It has gone.
                await Task.Delay(50, CancellationToken.None);
            }
        }

        return acknowledged;
    }

    private static async Task SendAsync(string http, string eventType, int round)
    {
        // Under a key, again while partitions move.
        long started = Stopwatch.GetTimestamp();
        while (!await PostAsync(http, eventType, $"{round}-", 100, $"key {round}"))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2));
            await Task.Delay(200);
        }
    }

    private static async Task<bool> PostAsync(string http, string eventType, string ids, int count, string? key)
    {
        using var client = new HttpClient();
        using var body = new StringContent(
            string.Concat(Enumerable.Range(0, count).Select(i => $"{{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"{eventType}\",\"message_id\":\"{ids}{i}\",\"channel\":\"CHAT\",\"user_id\":7}}\n")),
            Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{http}/v1/messages") { Content = body };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }
}
