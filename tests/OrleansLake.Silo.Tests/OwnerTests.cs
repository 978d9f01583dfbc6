using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>A lake has one owner: a process, or the silos of one cluster. A second one is given its name.</summary>
public sealed class OwnerTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_would_own_a_lake_of_silos_is_told_by_whom_and_gets_it_when_they_have_gone()
    {
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"]);
        await silo.StartedAsync();
        LakeInUseException e = await Assert.ThrowsAsync<LakeInUseException>(OpenAsync);
        Assert.Contains($"the silo 127.0.0.1:{silo.Port} of the cluster 'lake'", e.Message, StringComparison.Ordinal);
        Assert.Contains($"process {silo.Id} on {Environment.MachineName}", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, await silo.TerminateAsync());
        await using (await OpenAsync())
        {
            // At once.
        }

        await using SiloProcess killed = SiloProcess.BeginAlone(_folder["lake"]);
        await killed.StartedAsync();
        await killed.KillAsync();
        await using (await OpenAsync())
        {
            // At once, too: the system gives up what a process held.
        }
    }

    [Fact]
    public async Task A_silo_on_a_lake_that_a_process_owns_ends_and_says_which()
    {
        await using Lake lake = await OpenAsync();
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"]);
        Assert.Equal(4, await silo.EndedAsync());
        Assert.Contains($"is in use by process {Environment.ProcessId}", Assert.Single(silo.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lake_s_folder_that_goes_away_is_told_makes_nothing_in_its_place_and_may_come_back()
    {
        var http = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        string lake = _folder["lake"], away = _folder["away"];
        await using SiloProcess silo = SiloProcess.BeginAlone(lake, http.OriginalString, ("Lake__TriggerMs", "300"));
        await silo.StartedAsync();
        await SendAsync(http.OriginalString, "before");
        Directory.Move(lake, away);
        Directory.CreateDirectory(lake);
        await silo.SaidAsync("The lake's folder is gone");
        using var client = new HttpClient { BaseAddress = http };
        foreach (string path in (string[])["/health", "/v1/ledger", "/v1/reports/report1", "/v1/status", "/v1/quarantine"])
        {
            HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains(path == "/health" ? "unhealthy" : "there is not a lake.json in", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var body = new StringContent("{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"meanwhile\"}"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsync(new Uri("/v1/messages", UriKind.Relative), body)).StatusCode);
        }

        Assert.Empty(Directory.GetFileSystemEntries(lake));
        Directory.Delete(lake);
        Directory.Move(away, lake);
        await silo.SaidAsync("is back, and it continues");
        await SendAsync(http.OriginalString, "after");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode);

        // Counted a moment after it is durable.
        using (var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            while (!(await client.GetStringAsync(new Uri("/v1/ledger", UriKind.Relative), timeout.Token)).Contains("\"bronze\":100,", StringComparison.Ordinal))
            {
                await Task.Delay(20, timeout.Token);
            }
        }

        // Gone when it stops.
        Directory.Move(lake, away);
        Directory.CreateDirectory(lake);
        Assert.Equal(5, await silo.TerminateAsync());
        Assert.Contains("The lake's folder is gone", silo.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(lake));
    }

    [Theory]
    [InlineData("lake.json", false, "lake.json is gone", 5)]
    [InlineData("lake.json", true, "lake.json is damaged", 3)]
    [InlineData("bronze", false, "bronze is damaged: the folder is gone", 3)]
    public async Task What_makes_a_lake_one_is_told_when_it_goes_and_the_silo_goes_on_when_it_is_back(string name, bool isBroken, string told, int code)
    {
        var http = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        string path = Path.Combine(_folder["lake"], name), away = _folder["away"];
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], http.OriginalString, ("Lake__TriggerMs", "300"));
        await silo.StartedAsync();
        await SendAsync(http.OriginalString, "before");
        using var client = new HttpClient { BaseAddress = http };
        int losses = 0;
        await LoseAsync();
        HttpResponseMessage answer = await client.PostAsJsonAsync(
            new Uri("/v1/messages", UriKind.Relative), new { timestamp = "2024-12-16T10:00:00Z", message_id = "meanwhile" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(told, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        File.Delete(path);
        Assert.False(Directory.Exists(path));
        Move(away, path);
        await silo.SaidAsync("is back, and it continues");
        await SendAsync(http.OriginalString, "after");
        await LoseAsync();
        Assert.Equal(code, await silo.TerminateAsync());
        Assert.Contains(told, silo.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);

        async Task LoseAsync()
        {
            Move(path, away);
            if (isBroken)
            {
                File.WriteAllText(path, "{");
            }

            // By its own check, which every request follows; a writer there may say so before.
            losses++;
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (silo.Output.Split("Until then requests are answered with 503").Length <= losses)
            {
                await Task.Delay(20, timeout.Token);
            }

            Assert.Contains(told, silo.Output, StringComparison.Ordinal);
        }

        static void Move(string from, string to)
        {
            if (Directory.Exists(from))
            {
                Directory.Move(from, to);
            }
            else
            {
                File.Move(from, to);
            }
        }
    }

    [Fact]
    public async Task The_same_silo_started_twice_ends_with_its_ports_and_another_cluster_with_the_first_one_s_name()
    {
        await using SiloProcess first = SiloProcess.BeginAlone(_folder["lake"]);
        await first.StartedAsync();
        await using SiloProcess twin = SiloProcess.Begin(first.Settings);
        Assert.Equal(2, await twin.EndedAsync());
        Assert.Contains($"Silo:Port is {first.Port}", twin.Output, StringComparison.Ordinal);
        Assert.Contains($"Silo:GatewayPort is {first.GatewayPort}", twin.Output, StringComparison.Ordinal);

        await using SiloProcess other = SiloProcess.BeginAlone(_folder["lake"], null, ("Cluster__Id", "second"));
        Assert.Equal(4, await other.EndedAsync());
        string line = Assert.Single(other.Lines);
        Assert.Contains($"the silo 127.0.0.1:{first.Port} of the cluster 'lake'", line, StringComparison.Ordinal);
        Assert.Contains("the cluster 'second'", line, StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task A_user_of_the_database_who_may_only_read_is_told_what_is_lacking_before_anything_starts()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await database.ExecuteAsync("create user reader; grant select on all tables in schema public to reader");
        await using SiloProcess silo = SiloProcess.Begin(_folder["lake"], database.ConnectionString.Replace("Username=lake", "Username=reader", StringComparison.Ordinal), partitions: 2);
        Assert.Equal(5, await silo.EndedAsync());
        string line = Assert.Single(silo.Lines);
        Assert.StartsWith("Cluster:PostgreSql: the user reader", line, StringComparison.Ordinal);
        Assert.Contains("lacks the permission INSERT on orleansmembershiptable", line, StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT", line, StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task Silos_of_one_database_share_a_lake_and_those_of_another_do_not()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using PostgreSqlServer elsewhere = await PostgreSqlServer.StartAsync();
        await using SiloProcess first = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 2);
        await first.StartedAsync();

        // Its host by another name is the same database.
        await using SiloProcess second = SiloProcess.Begin(_folder["lake"], database.ConnectionString.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), 2);
        await second.StartedAsync();
        await using SiloProcess third = SiloProcess.Begin(_folder["lake"], elsewhere.ConnectionString, 2);
        Assert.Equal(4, await third.EndedAsync());
        Assert.Contains("of the cluster 'lake'", Assert.Single(third.Lines), StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task A_cluster_that_starts_again_does_not_wait_for_a_silo_that_died_before()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        (string, string) http = ("Http__Urls", $"http://127.0.0.1:{FreePort.Take()}");
        await using (SiloProcess first = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4, http))
        {
            await first.StartedAsync();
            await using SiloProcess second = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4);
            await second.StartedAsync();
            await second.KillAsync();
            await first.SaidAsync($"127.0.0.1:{second.Port} no longer answers");
            await SendAsync(http.Item2, "before");
            Assert.Equal(0, await first.TerminateAsync());
        }

        await using SiloProcess again = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4, http);
        await again.StartedAsync();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(9) };
        using var body = new StringContent(
            string.Concat(Enumerable.Range(0, 50).Select(i => $"{{\"timestamp\":\"2024-12-15T08:00:00Z\",\"message_id\":\"after{i}\"}}\n")), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"{http.Item2}/v1/messages"), body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [PostgreSqlFact]
    public async Task A_silo_that_dies_costs_the_others_a_few_lines()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess stays = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4, ("Http__Urls", http));
        await stays.StartedAsync();
        await using SiloProcess dies = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4);
        await dies.StartedAsync();
        await stays.SaidAsync($"the silo 127.0.0.1:{dies.Port} is there");
        await SendAsync(http, "before");
        int lines = stays.Lines.Length;
        await dies.KillAsync();
        await SendAsync(http, "after");
        await stays.SaidAsync($"the silo 127.0.0.1:{dies.Port} no longer answers and counts as dead");
        Assert.InRange(stays.Lines.Length - lines, 1, 15);
    }

    [PostgreSqlFact]
    public async Task Who_comes_to_a_silo_that_leaves_is_told_to_come_again_until_it_has_gone()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess stays = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4);
        await stays.StartedAsync();
        await using SiloProcess leaves = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 4, ("Http__Urls", http));
        await leaves.StartedAsync();
        await SendAsync(http, "before");
        leaves.Terminate();
        await leaves.SaidAsync("stops: its partitions go to the others");

        // It leaves the cluster now, which takes a moment, and it still answers.
        using var client = new HttpClient();
        HttpResponseMessage answer = await client.GetAsync(new Uri($"{http}/v1/ledger"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(0, await leaves.EndedAsync());
    }

    [Fact]
    public async Task A_silo_with_another_lake_than_the_cluster_s_ends_before_it_gets_a_partition_and_names_both()
    {
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess first = SiloProcess.BeginAlone(_folder["lake"], http);
        await first.StartedAsync();
        await SendAsync(http, "before");
        await using SiloProcess other = BeginBeside(first, _folder["new/other"]);
        Assert.Equal(2, await other.EndedAsync());
        string line = Assert.Single(other.Lines);
        Assert.Contains($"This silo's lake is {_folder["new/other"]}, and the cluster 'lake' runs {_folder["lake"]}, on the silo 127.0.0.1:{first.Port}.", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["new/other"]));

        // A lake that is there, by a name like the first one's.
        Directory.CreateDirectory(_folder["elsewhere"]);
        await using (await Lake.OpenAsync(new LakeOptions { Path = _folder["elsewhere/lake"], Create = true, Partitions = 4 }))
        {
            // It is made.
        }

        await using SiloProcess third = BeginBeside(first, _folder["elsewhere/lake"]);
        Assert.Equal(2, await third.EndedAsync());
        Assert.True(third.Lines.Length == 1, third.Output);
        Assert.Contains(_folder["elsewhere/lake"], third.Output, StringComparison.Ordinal);
        await SendAsync(http, "after");

        // The same folder by another name is the same lake.
        Directory.CreateSymbolicLink(_folder["link"], _folder["lake"]);
        await using SiloProcess same = BeginBeside(first, _folder["link"]);
        await same.StartedAsync();
        await same.SaidAsync("partitions of the lake on this silo: ");
        using var client = new HttpClient();
        Assert.Contains("\"total\":{\"bronze\":100,", await client.GetStringAsync(new Uri($"{http}/v1/ledger")), StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task Of_two_silos_with_two_lakes_that_start_at_the_same_moment_one_runs()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await using SiloProcess one = SiloProcess.Begin(_folder["one"], database.ConnectionString, 2);
        await using SiloProcess two = SiloProcess.Begin(_folder["two"], database.ConnectionString, 2);
        Task<int> ended = await Task.WhenAny(one.EndedAsync(), two.EndedAsync());
        Assert.Equal(2, await ended);
        (SiloProcess stays, SiloProcess gone) = one.HasEnded ? (two, one) : (one, two);
        Assert.Contains($"the silo 127.0.0.1:{stays.Port}", gone.Output, StringComparison.Ordinal);
        Assert.Contains(_folder["one"], gone.Output, StringComparison.Ordinal);
        Assert.Contains(_folder["two"], gone.Output, StringComparison.Ordinal);
        await stays.StartedAsync();
        Assert.False(stays.HasEnded);
    }

    private static SiloProcess BeginBeside(SiloProcess first, string lake) => SiloProcess.BeginAlone(lake, null, ("Cluster__PrimaryPort", $"{first.Port}"));

    private Task<Lake> OpenAsync() => Lake.OpenAsync(new LakeOptions { Path = _folder["lake"], Create = true, Partitions = 4 });

    // Under a key, again until it is stored: senders do so while partitions move.
    private static async Task SendAsync(string http, string key)
    {
        using var client = new HttpClient();
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var body = new StringContent(
                string.Concat(Enumerable.Range(0, 50).Select(i => $"{{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"{key}{i}\",\"channel\":\"CHAT\",\"user_id\":7}}\n")),
                Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{http}/v1/messages") { Content = body };
            request.Headers.Add("Idempotency-Key", key);
            using HttpResponseMessage answer = await client.SendAsync(request, tooLong.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            Assert.True(answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), tooLong.Token);
        }
    }
}
