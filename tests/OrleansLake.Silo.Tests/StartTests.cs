using System.Net;
using System.Net.Sockets;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>Tests what a silo says that cannot start, or not yet: lines for people, in the names of its settings.</summary>
public sealed class StartTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Lake__Partitons=4", 2, "Lake:Partitons is not a setting; the nearest is Lake:Partitions")]
    [InlineData("Lake__Store=azure Lake__ConnectionString=hello", 2, "Lake:ConnectionString is not a storage account's connection string")]
    [InlineData("Lake__TimeZone=Mars/Base", 2, "Lake:TimeZone is 'Mars/Base': give the name of a time zone")]
    [InlineData("Http__Urls=http://0.0.0.0:0", 2, "Http:Keys")]
    [InlineData("Http__Urls=nowhere", 2, "Http:Urls: 'nowhere'")]
    [InlineData("Http__Urls=http://nosuch.invalid:5080", 2, "Http:Urls: the host 'nosuch.invalid' is unknown")]
    [InlineData("Http__Urls=https://127.0.0.1:0", 2, "certificate")]
    [InlineData("Health__Urls=nowhere", 2, "Health:Urls: 'nowhere'")]
    [InlineData("Health__Urls=https://127.0.0.1:0", 2, "certificate")]
    [InlineData("Health__Urls=http://127.0.0.1:5081 Http__Urls=http://127.0.0.1:5081", 2, "Http:Urls has that port as well")]
    [InlineData("Http__Urls=http://127.0.0.1:0 Http__Keys=/nonexist", 5, "Http:Keys: The keys cannot be read")]
    [InlineData("Http__Urls=http://127.0.0.1:0 Http__Keys=/proc", 5, "Http:Keys: The keys cannot be read")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL=carrier", 2, "OTEL_EXPORTER_OTLP_PROTOCOL is 'carrier': give grpc or http/protobuf.")]
    [InlineData("Lake__Container=x", 2, "Lake:Container is given, and means nothing without Lake:Store azure")]
    [InlineData("Cluster__Kind=PostgreSql Cluster__PostgreSql=Host=127.0.0.1 Cluster__PrimaryPort=x", 2, "Cluster:PrimaryPort is given, and Cluster:Kind is PostgreSql")]
    [InlineData("Http__Keys=/nonexist", 2, "Http:Urls is not")]
    [InlineData("Cluster__Kind=PostgreSql Cluster__PostgreSql=Host=127.0.0.1;Port=1 Silo__WaitSeconds=0", 5, "PostgreSQL at 127.0.0.1:1 (Cluster:PostgreSql)")]
    [InlineData("Cluster__Kind=PostgreSql Cluster__PostgreSql=Host=127.0.0.1 Silo__Address=192.0.2.1", 2, "Silo:Address is 192.0.2.1")]
    [InlineData("OrleansLake__Limits__BodyByteMax=5", 2, "OrleansLake:Limits:BodyByteMax")]
    [InlineData("OrleansLake__Limits__BodyBytesMax=much Http__Urls=http://127.0.0.1:0", 2, "OrleansLake:Limits:BodyBytesMax")]
    [InlineData("OrleansLake__Keys__0__Name=x OrleansLake__Keys__0__Scopes=reed OrleansLake__Keys__0__Sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 Http__Urls=http://127.0.0.1:0", 2, "OrleansLake:Keys:0")]
    [InlineData("Lake__Folder=/proc/nothing", 5, "Lake:Folder")]
    [InlineData("Lake__MappingFile=/proc/nothing", 5, "Lake:MappingFile: /proc/nothing cannot be read: there is no such file; name another one.")]
    [InlineData("Lake__MappingFile=/proc/self/status", 2, "Lake:MappingFile: /proc/self/status is not a mapping: it is not JSON (")]
    [InlineData("OrleansLake__MappingFile=/proc/nothing", 2, "OrleansLake:MappingFile is '/proc/nothing', which means nothing here")]
    [InlineData("Orleans__Clustering__ProviderType=Foo", 2, "Orleans:Clustering:ProviderType is not a setting of a silo")]
    [InlineData("Http__Urls=;", 2, "Http:Urls is ';', which names no address")]
    [InlineData("Cluster__Kind=PostgreSql Cluster__PostgreSql=Host=127.0.0.1 Silo__Address=localhost", 2, "give the IP address, not a name")]
    public async Task Wrong_settings_end_it_before_anything_starts_with_one_line(string environment, int exitCode, string said)
    {
        Dictionary<string, string> settings = Settings();
        if (environment.Contains("Lake__Store=azure", StringComparison.Ordinal))
        {
            settings.Remove("Lake__Folder");
        }

        foreach (string[] pair in environment.Split(' ').Select(one => one.Split('=', 2)))
        {
            settings[pair[0]] = pair[1];
        }

        await using SiloProcess silo = SiloProcess.Begin(settings);
        Assert.Equal(exitCode, await silo.EndedAsync());
        string line = Assert.Single(silo.Lines);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("--urls", line, StringComparison.Ordinal);
        Assert.DoesNotContain("--keys", line.Replace("`lake key NAME --keys /nonexist`", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["lake"]) && Directory.EnumerateFileSystemEntries(_folder["lake"]).Any(), "it wrote to the lake");
    }

    [Theory]
    [InlineData("Lake:Partitons=4", "2> /dev/full", 2)]
    [InlineData("Lake:Partitons=4", "2>&-", 2)]
    [InlineData("Lake:Partitons=4", "<&- >&- 2>&-", 2)]
    [InlineData("--help", "> /dev/full", 5)]
    [InlineData("--help", "> /dev/null 2>&-", 0)]
    public async Task Where_it_cannot_say_anything_its_exit_code_is_what_it_would_be(string argument, string outputs, int exitCode)
    {
        using System.Diagnostics.Process shell = System.Diagnostics.Process.Start(
            "bash", ["-c", $"exec dotnet '{BuiltProgram.Silo}' {argument} {outputs}"]);
        await shell.WaitForExitAsync();
        Assert.Equal(exitCode, shell.ExitCode);
    }

    [Theory]
    [InlineData("--version", "lake-silo ")]
    [InlineData("--Version", "lake-silo ")]
    [InlineData("--help extra", "lake-silo: a silo that runs a lake with others.")]
    [InlineData("help extra", "lake-silo: a silo that runs a lake with others.")]
    [InlineData("--Lake:Folder x -h", "lake-silo: a silo that runs a lake with others.")]
    public async Task Its_version_and_its_help_are_shown_whatever_is_beside_them(string arguments, string said)
    {
        await using SiloProcess silo = SiloProcess.Begin(Settings(), arguments.Split(' '));
        Assert.Equal(0, await silo.EndedAsync());
        Assert.StartsWith(said, silo.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Silo__Port", "Silo:Port")]
    [InlineData("Silo__GatewayPort", "Silo:GatewayPort")]
    [InlineData("Http__Urls", "Http:Urls")]
    [InlineData("Health__Urls", "Health:Urls")]
    public async Task A_port_that_another_program_has_is_named(string setting, string said)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        Dictionary<string, string> settings = Settings();
        settings[setting] = setting.EndsWith("Urls", StringComparison.Ordinal) ? $"http://127.0.0.1:{port}" : $"{port}";
        settings["Cluster__PrimaryPort"] = settings["Silo__Port"];
        await using SiloProcess silo = SiloProcess.Begin(settings);
        Assert.Equal(2, await silo.EndedAsync());
        string line = Assert.Single(silo.Lines);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.Contains($"{port}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_something_else_and_settings_that_are_not_the_lake_s_are_told()
    {
        Dictionary<string, string> settings = Settings();
        Directory.CreateDirectory(_folder["lake"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["lake"], "thesis.txt"), "x");
        await using (SiloProcess silo = SiloProcess.Begin(settings))
        {
            Assert.Equal(5, await silo.EndedAsync());
            Assert.Contains("Lake:Folder: ", Assert.Single(silo.Lines), StringComparison.Ordinal);
            Assert.Contains("it holds thesis.txt", silo.Output, StringComparison.Ordinal);
        }

        settings["Lake__Folder"] = Path.Combine(_folder["lake"], "thesis.txt");
        await using (SiloProcess silo = SiloProcess.Begin(settings))
        {
            Assert.Equal(5, await silo.EndedAsync());
            Assert.EndsWith("thesis.txt is a file: name a folder.", Assert.Single(silo.Lines), StringComparison.Ordinal);
        }

        settings["Lake__Folder"] = _folder["made"];
        await using (Engine.Lake made = await Engine.Lake.OpenAsync(new Engine.LakeOptions { Path = _folder["made"], Create = true, Partitions = 2 }))
        {
            Assert.Equal(2, made.Partitions);
        }

        settings["Lake__Partitions"] = "3";
        settings["Lake__TimeZone"] = "Europe/Berlin";
        await using SiloProcess second = SiloProcess.Begin(settings);
        Assert.Equal(2, await second.EndedAsync());
        Assert.Equal(["Lake:TimeZone", "Lake:Partitions"], second.Lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_lake_that_a_silo_creates_has_the_mapping_that_its_settings_name_and_another_one_is_told()
    {
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        string file = _folder.Write("mapping.json", """{"fields":{"timestamp":{"from":"at","format":"epoch-ms"},"message_id":"id"}}""");
        for (int starts = 0; starts < 2; starts++)
        {
            await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], http, ("OrleansLake__Lake__MappingFile", file));
            await silo.StartedAsync();
            using var client = new HttpClient { BaseAddress = new Uri(http) };
            using var body = new StringContent($$"""{"at":1734343260000,"id":"m{{starts}}"}""", System.Text.Encoding.UTF8, "application/json");
            Assert.Contains("\"accepted\":1", await (await client.PostAsync(new Uri("/v1/messages?wait=report", UriKind.Relative), body)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var form = new FormUrlEncodedContent([new("at", "1734343260000"), new("id", "a b")]);
            Assert.Contains("\"accepted\":1", await (await client.PostAsync(new Uri("/v1/messages?wait=report", UriKind.Relative), form)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await silo.TerminateAsync());
        }

        await using SiloProcess other = SiloProcess.BeginAlone(_folder["lake"], null, ("Lake__MappingFile", _folder.Write("other.json", """{"fields":{}}""")));
        Assert.Equal(2, await other.EndedAsync());
        Assert.StartsWith("Lake:MappingFile is given, and the lake has another default mapping", Assert.Single(other.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_that_look_at_one_new_folder_at_the_same_moment_do_not_meet_each_other_s_probes()
    {
        Directory.CreateDirectory(_folder["lake"]);
        await using (SiloChecks.OpenProbe(_folder["lake"]))
        await using (SiloChecks.OpenProbe(_folder["lake"]))
        {
            Assert.Equal(2, Directory.GetFiles(_folder["lake"]).Length);
            Assert.Equal(LakeFolderKind.Unfinished, LakeFolder.Inspect(new LocalStore(_folder["lake"])).Kind);

            // Another process meets both.
            await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"]);
            await silo.StartedAsync();
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["lake"]), file => file.Contains(".silo-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_silos_that_start_at_the_same_moment_make_one_lake()
    {
        await using SiloProcess first = SiloProcess.BeginAlone(_folder["lake"]);
        await using SiloProcess second = SiloProcess.BeginAlone(_folder["lake"], null, ("Cluster__PrimaryPort", $"{first.Port}"));
        await first.StartedAsync();
        await second.StartedAsync();
        await first.SaidAsync($"the silo 127.0.0.1:{second.Port} is there");
        Assert.Single(Directory.EnumerateFiles(_folder["lake"], "lake.json*"));
    }

    [Fact]
    public async Task Of_two_that_start_on_the_same_ports_at_the_same_moment_one_runs()
    {
        await using SiloProcess first = SiloProcess.BeginAlone(_folder["lake"]);
        await using SiloProcess second = SiloProcess.Begin(first.Settings);
        Task<int>[] ends = [first.EndedAsync(), second.EndedAsync()];
        Task<int> ended = await Task.WhenAny(ends);
        Assert.Equal(2, await ended);
        (SiloProcess loser, SiloProcess winner) = ended == ends[0] ? (first, second) : (second, first);
        Assert.StartsWith("Silo:Port is ", loser.Lines[0], StringComparison.Ordinal);
        await winner.StartedAsync();
    }

    [Fact]
    public async Task A_program_that_is_not_a_silo_on_the_first_silo_s_port_is_waited_for_no_longer_than_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], null, ("Cluster__PrimaryPort", $"{port}"), ("Silo__WaitSeconds", "1"));
        Assert.Equal(5, await silo.EndedAsync());
        Assert.StartsWith($"The first silo on port {port} (Cluster:PrimaryPort) did not let this one join", silo.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_silo_that_is_gone_is_told_in_one_line_without_a_stack_trace()
    {
        (string, string) probe = ("Cluster__ProbeMs", "500");
        await using SiloProcess first = SiloProcess.BeginAlone(_folder["lake"], null, probe);
        await first.StartedAsync();
        await using SiloProcess second = SiloProcess.BeginAlone(_folder["lake"], null, probe, ("Cluster__PrimaryPort", $"{first.Port}"));
        await second.StartedAsync();
        await first.KillAsync();
        await second.SaidAsync($"the first silo 127.0.0.1:{first.Port}, which keeps the list of silos, does not answer");
        await second.TerminateAsync();
        Assert.Single(second.Lines, line => line.Contains("which keeps the list of silos, does not answer", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("MembershipTableManager", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("segment-*", true)]
    [InlineData("segment-*", false)]
    [InlineData("snapshot-*", true)]
    public async Task A_silo_of_a_damaged_lake_ends_with_what_is_damaged_as_its_last_line(string missing, bool servesHttp)
    {
        string http = $"http://127.0.0.1:{FreePort.Take()}";
        await using (SiloProcess first = SiloProcess.BeginAlone(_folder["lake"], http))
        {
            await first.StartedAsync();
            using var client = new HttpClient();
            using HttpResponseMessage sent = await client.PostAsync(new Uri($"{http}/v1/messages"), new StringContent(string.Join('\n', Enumerable.Range(0, 100).Select(i =>
                $$"""{"timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","message_id":"m{{i}}","channel":"CHAT","user_id":7}""")), System.Text.Encoding.UTF8, "application/x-ndjson"));
            Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
            Assert.Equal(0, await first.TerminateAsync());
        }

        string[] files = [.. Directory.GetFiles(_folder["lake"], missing, SearchOption.AllDirectories).Where(file => file.Contains("p00003", StringComparison.Ordinal))];
        Assert.NotEmpty(files);
        Array.ForEach(files, File.Delete);
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], servesHttp ? "http://127.0.0.1:0" : null);
        Assert.Equal(3, await silo.EndedAsync());
        Assert.Contains("Restore the lake from a backup", silo.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("so does the next silo", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_settings_that_is_not_one_is_told()
    {
        await File.WriteAllTextAsync(_folder["appsettings.json"], "{ \"Lake\": ");
        await using SiloProcess silo = SiloProcess.Begin(Settings(), "--contentRoot", _folder.Path);
        Assert.Equal(2, await silo.EndedAsync());
        Assert.Contains("appsettings.json", Assert.Single(silo.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_is_stopped_while_it_joins_ends_at_once_and_says_so()
    {
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"]);
        while (!Directory.Exists(Path.Combine(_folder["lake"], "bronze")))
        {
            // It has claimed the lake, which is its first step when it joins.
            await Task.Delay(5);
        }

        Assert.Contains(await silo.TerminateAsync(), (int[])[0, 130]);
        Assert.DoesNotContain("xception", silo.Output, StringComparison.Ordinal);
        Assert.InRange(silo.Lines.Length, 1, 8);
    }

    [Fact]
    public async Task A_second_silo_says_what_it_waits_for_and_stops_at_once()
    {
        Dictionary<string, string> settings = Settings();
        settings["Cluster__PrimaryPort"] = $"{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.Begin(settings);
        await silo.SaidAsync($"Waiting for the first silo, which keeps the list of them, on 127.0.0.1:{settings["Cluster__PrimaryPort"]}");
        await silo.SaidAsync("(5 of 60 s)");
        Assert.Equal(130, await silo.TerminateAsync());
        Assert.Equal("The silo was stopped before it had joined the others.", silo.Lines[^1]);
        Assert.Equal(3, silo.Lines.Length);
    }

    [Fact]
    public async Task A_second_silo_tells_its_other_faults_before_it_waits()
    {
        Dictionary<string, string> settings = Settings();
        settings["Cluster__PrimaryPort"] = $"{FreePort.Take()}";
        settings["Http__Urls"] = "http://0.0.0.0:0";
        await using SiloProcess silo = SiloProcess.Begin(settings);
        Assert.Equal(2, await silo.EndedAsync());
        Assert.Contains("Http:Keys", Assert.Single(silo.Lines), StringComparison.Ordinal);
    }

    [PostgreSqlFact]
    public async Task A_database_that_comes_late_is_waited_for_and_one_that_is_wrong_is_told()
    {
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync();
        await database.DownAsync();
        await using SiloProcess late = SiloProcess.Begin(_folder["lake"], database.ConnectionString, 2);
        await late.SaidAsync("Waiting for PostgreSQL at 127.0.0.1:");
        await database.UpAsync();
        await late.StartedAsync();

        await database.ExecuteAsync("create database bare");
        await using SiloProcess bare = SiloProcess.Begin(_folder["lake"], database.ConnectionString.Replace("Database=postgres", "Database=bare", StringComparison.Ordinal), 2);
        Assert.Equal(5, await bare.EndedAsync());
        Assert.Contains("run the scripts in deploy/postgresql", Assert.Single(bare.Lines), StringComparison.Ordinal);

        await using SiloProcess missing = SiloProcess.Begin(_folder["lake"], database.ConnectionString.Replace("Database=postgres", "Database=nosuch", StringComparison.Ordinal), 2);
        Assert.Equal(2, await missing.EndedAsync());
        Assert.Contains("Cluster:PostgreSql", Assert.Single(missing.Lines), StringComparison.Ordinal);
        Assert.Contains("nosuch", missing.Output, StringComparison.Ordinal);

        await using SiloProcess untrusted = SiloProcess.Begin(_folder["lake"], $"{database.ConnectionString};SSL Mode=Require", 2);
        Assert.Equal(2, await untrusted.EndedAsync());
        string line = Assert.Single(untrusted.Lines);
        Assert.DoesNotContain("..", line, StringComparison.Ordinal);
        Assert.EndsWith(" SSL Mode=Require asks for TLS: set it up at the server, or give SSL Mode=Prefer.", line, StringComparison.Ordinal);
    }

    [ComposeFact]
    public async Task A_storage_account_that_comes_late_is_waited_for_and_one_that_refuses_is_told()
    {
        using AzuriteServer azurite = AzuriteServer.Start();
        azurite.Down();
        Dictionary<string, string> settings = Settings();
        settings["Lake__Store"] = "azure";
        settings["Lake__ConnectionString"] = azurite.ConnectionString;
        settings["Lake__Partitions"] = "1";
        settings["Cluster__PrimaryPort"] = settings["Silo__Port"];
        settings.Remove("Lake__Folder");
        await using (SiloProcess stopped = SiloProcess.Begin(settings))
        {
            await stopped.SaidAsync($"Waiting for the storage account at http://127.0.0.1:{azurite.Port} (Lake:ConnectionString)");
            Assert.Equal(130, await stopped.TerminateAsync());
            Assert.Equal(2, stopped.Lines.Length);
        }

        await using SiloProcess late = SiloProcess.Begin(settings);
        await late.SaidAsync("Waiting for the storage account");
        azurite.Up();
        await late.StartedAsync();

        settings["Lake__ConnectionString"] = azurite.ConnectionString.Replace("AccountKey=E", "AccountKey=F", StringComparison.Ordinal);
        settings["Silo__Port"] = settings["Cluster__PrimaryPort"] = $"{FreePort.Take()}";
        settings["Silo__GatewayPort"] = $"{FreePort.Take()}";
        await using SiloProcess refused = SiloProcess.Begin(settings);
        Assert.Equal(2, await refused.EndedAsync());
        Assert.Contains("Lake:ConnectionString is refused", Assert.Single(refused.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_s_first_lines_are_for_people()
    {
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], $"http://127.0.0.1:{FreePort.Take()}");
        await silo.StartedAsync();
        await silo.SaidAsync("partitions of the lake on this silo: 0-3");
        Assert.Contains($"serves the lake {_folder["lake"]}: 4 partitions, time zone UTC", silo.Output, StringComparison.Ordinal);
        Assert.Contains($"is the silo 127.0.0.1:{silo.Port} of the cluster 'lake'", silo.Output, StringComparison.Ordinal);
        Assert.Contains("the HTTP API and the dashboard are at http://127.0.0.1:", silo.Output, StringComparison.Ordinal);
        Assert.InRange(silo.Lines.Length, 4, 8);
        Assert.Equal(0, await silo.TerminateAsync());
        Assert.Contains("has stopped", silo.Lines[^1], StringComparison.Ordinal);
        Assert.InRange(silo.Lines.Length, 6, 12);
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["Lake__Folder"] = _folder["lake"],
        ["Silo__Port"] = $"{FreePort.Take()}",
        ["Silo__GatewayPort"] = $"{FreePort.Take()}",
    };
}
