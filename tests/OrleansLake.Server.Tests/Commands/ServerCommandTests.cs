using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Commands;

/// <summary>The commands around a running server: <c>lake top</c>, <c>lake health</c>, <c>lake validate</c>, <c>lake completion</c>.</summary>
public class ServerCommandTests
{
    [Fact]
    public async Task Top_into_a_pipe_is_a_json_object_a_look_with_the_rate_between()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a") + ServerUnderTest.Line("b", "NONE") + "no message\n", "?wait=report");
        using LakeProcess top = LakeProcess.Start(new LakeCall("top", "--url", server.Address.ToString(), "--every", "50ms"));
        top.WaitUntil(one => one.OutputSoFar.Contains('\n'), "it looked");
        await server.PostAsync(ServerUnderTest.Line("c"), "?wait=report");
        top.WaitUntil(one => one.OutputSoFar.Contains("\"accepted\":3", StringComparison.Ordinal) && one.OutputSoFar.EndsWith('\n'), "it saw the third");
        top.Interrupt();
        LakeResult end = top.Wait();
        Assert.Equal(0, end.ExitCode);
        Assert.DoesNotContain('\e', end.Output);

        JsonElement[] looks = [.. end.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement first = looks[0];
        Assert.Equal((2, 1, 1, 1), (first.GetProperty("accepted").GetInt32(), first.GetProperty("messages").GetInt32(), first.GetProperty("messages_corrupted").GetInt32(), first.GetProperty("rejected").GetInt32()));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("per_second").ValueKind);
        Assert.Contains(looks, look => look.GetProperty("per_second") is { ValueKind: JsonValueKind.Number } rate && rate.GetDouble() > 0);
    }

    [Fact]
    public void A_server_and_top_say_what_ids_are_that_are_no_numbers_of_32_bits()
    {
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--user-id", "text");
        Assert.Contains("Its ids are user_id text, country_id int32", server.Process.ErrorSoFar, StringComparison.Ordinal);
        using LakeProcess top = LakeProcess.Start(new LakeCall("top", "--once", "--url", server.Address.ToString()));
        Assert.EndsWith(",\"user_id_type\":\"text\",\"country_id_type\":\"int32\"}", top.Wait().Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1h")]
    [InlineData("1s")]
    public async Task What_is_sent_as_the_lakes_folder_goes_away_is_not_said_to_be_nowhere(string trigger)
    {
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--trigger", trigger);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("m1"));
        Directory.Move(scratch["lake"], scratch["away"]);
        var answers = new List<HttpStatusCode>();
        try
        {
            for (int i = 2; i < 500; i++)
            {
                answers.Add(await PostAsync($"m{i}"));
                await Task.Delay(20);
            }
        }
        catch (HttpRequestException)
        {
            // It has ended.
        }

        LakeResult end = server.Process.Wait();
        Assert.Equal(5, end.ExitCode);
        Assert.Contains("lake: The lake's folder is gone", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);

        // What is not known is 500, what is nowhere 429 or 503.
        Directory.Move(scratch["away"], scratch["lake"]);
        await using ServerUnderTest again = await ServerUnderTest.StartAsync(options => options.Path = scratch["lake"]);
        for (int i = 0; i < answers.Count; i++)
        {
            bool isThere = (await again.Http.GetAsync($"/v1/messages/m{i + 2}")).StatusCode == HttpStatusCode.OK;
            Assert.True(answers[i] == HttpStatusCode.InternalServerError || isThere == (answers[i] == HttpStatusCode.Accepted), $"m{i + 2} was answered {answers[i]}, and is {(isThere ? "" : "not ")}there");
        }

        async Task<HttpStatusCode> PostAsync(string id)
        {
            using var body = new StringContent(ServerUnderTest.Line(id));
            body.Headers.ContentType = new("application/x-ndjson");
            return (await server.Http.PostAsync("/v1/messages", body)).StatusCode;
        }
    }

    [Fact]
    public async Task Serving_a_lake_whose_folder_goes_away_ends_with_that_and_makes_nothing_in_its_place()
    {
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--trigger", "200ms");
        using var body = new StringContent(ServerUnderTest.Line("a"));
        body.Headers.ContentType = new("application/x-ndjson");
        Assert.Equal(HttpStatusCode.Accepted, (await server.Http.PostAsync("/v1/messages", body)).StatusCode);
        Directory.Move(scratch["lake"], scratch["away"]);
        Directory.CreateDirectory(scratch["lake"]);
        using var later = new StringContent(ServerUnderTest.Line("b"));
        later.Headers.ContentType = new("application/x-ndjson");
        try
        {
            Assert.NotEqual(HttpStatusCode.Accepted, (await server.Http.PostAsync("/v1/messages", later)).StatusCode);
        }
        catch (HttpRequestException)
        {
            // It has ended by then.
        }

        LakeResult end = server.Process.Wait();
        Assert.Equal(5, end.ExitCode);
        Assert.Contains("lake: The lake's folder is gone: there is not a lake.json in", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("another owner", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch["lake"]));
    }

    [Theory]
    [InlineData("serve", "lake.json", null, 5, "/lake.json is gone")]
    [InlineData("serve", "lake.json", "{", 3, "/lake.json is damaged: it does not say any more")]
    [InlineData("serve", "bronze", null, 3, "/bronze is damaged: the folder is gone")]
    [InlineData("run", "lake.json", null, 5, "/lake.json is gone")]
    [InlineData("run", "lake.json", "", 3, "/lake.json is damaged: it does not say any more")]
    [InlineData("run", "bronze/messages/checkpoint", null, 3, "/bronze/messages/checkpoint is damaged: the folder is gone")]
    public void A_lake_that_loses_what_makes_it_one_ends_who_has_it_though_nothing_is_sent(string command, string lost, string? instead, int code, string told)
    {
        using var scratch = new ScratchFolder();
        using LakeProcess process = LakeProcess.Start(new LakeCall([command, "--lake", scratch["lake"], "--trigger", "1h", .. command == "serve" ? ["--urls", "http://127.0.0.1:0"] : Array.Empty<string>()]));
        process.WaitUntil(one => one.ErrorSoFar.Contains("ctrl-C commits and stops", StringComparison.Ordinal), "it runs");
        string path = Path.Combine(scratch["lake"], lost);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (instead is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path, instead);
        }

        LakeResult end = process.Wait();
        Assert.Equal(code, end.ExitCode);
        Assert.Contains($"lake: {scratch["lake"]}{told}", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("another owner", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
        if (instead is null)
        {
            Assert.False(Path.Exists(path));
        }
    }

    [Fact]
    public async Task Gold_that_is_deleted_under_a_server_is_written_again()
    {
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(scratch["lake"], null, "--trigger", "50ms");
        using var body = new StringContent(ServerUnderTest.Line("a"));
        body.Headers.ContentType = new("application/x-ndjson");
        Assert.Equal(HttpStatusCode.Accepted, (await server.Http.PostAsync("/v1/messages", body)).StatusCode);
        string report = Path.Combine(scratch["lake"], "gold", "report1", "data", "report1.parquet");
        await Eventually.HoldsAsync(() => File.Exists(report), "gold is there");
        await Eventually.HoldsAsync(
            () =>
            {
                // Whatever the server is at.
                File.Delete(report);
                return server.Process.ErrorSoFar.Contains("files in gold were gone, and are written again", StringComparison.Ordinal);
            },
            "it is reported");
        await Eventually.HoldsAsync(() => File.Exists(report), "gold is there again");
    }

    [Theory]
    [InlineData("key")]
    [InlineData("embed-key")]
    public void A_key_that_nobody_can_see_is_not_kept(string command)
    {
        using var scratch = new ScratchFolder();
        string keys = scratch["keys"];
        string option = command == "key" ? "--keys" : "--embed-keys";
        string start = command == "key" ? "first ingest 0000" : "first secret";
        foreach (bool isNew in (bool[])[true, false])
        {
            if (!isNew)
            {
                File.WriteAllText(keys, start);
            }

            LakeResult end = LakeProcess.Run(new LakeCall(command, "one", option, keys) { Through = ["sh", "-c", "exec \"$@\" > /dev/full", "sh"] });
            Assert.Equal(5, end.ExitCode);
            Assert.StartsWith("lake: The new key could not be shown (standard output: no space left on the device), so it was not added to ", end.Error, StringComparison.Ordinal);
            Assert.Single(end.Error.Trim().Split('\n'));
            Assert.Equal(isNew ? null : start, File.Exists(keys) ? File.ReadAllText(keys) : null);
        }
    }

    [Fact]
    public void Serving_on_an_address_that_is_taken_is_told_in_a_line_without_a_stack_trace()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var scratch = new ScratchFolder();
        using LakeProcess serve = LakeProcess.Start(new LakeCall("serve", "--lake", scratch["lake"], "--urls", $"http://{taken.LocalEndpoint}"));
        LakeResult end = serve.Wait();
        Assert.Equal(2, end.ExitCode);
        Assert.Contains("is in use by another program", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);

        // Nor is a lake made that nobody was to have yet.
        Assert.False(Directory.Exists(scratch["lake"]));
    }

    [Fact]
    public void What_applications_read_and_a_server_does_not_is_told_in_a_line_each()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("appsettings.json", """{ "OrleansLake": { "Path": "elsewhere" } }""");
        LakeResult result = LakeProcess.Run(new LakeCall("validate", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:5080")
        {
            WorkingFolder = scratch.Path,
            Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = "http://0.0.0.0:9000" },
        });
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            "lake: ASPNETCORE_URLS is http://0.0.0.0:9000, which `lake serve` does not read: it listens on http://127.0.0.1:5080, as --urls or LAKE_URLS says.\n"
            + "lake: appsettings.json in this folder has OrleansLake, but `lake serve` reads its options and the environment only (such as OrleansLake__Path).\n",
            result.Error);
    }

    [Theory]
    [InlineData("http://localhost", 200)]
    [InlineData("http://any.example", 200)]
    public async Task A_server_that_is_told_to_answer_every_host_does(string asked, int expected)
    {
        using var scratch = new ScratchFolder();
        using LakeProcess serve = LakeProcess.Start(new LakeCall("serve", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0", "--allowed-hosts", "*"));
        serve.WaitUntil(one => one.ErrorSoFar.Contains("listening on", StringComparison.Ordinal), "it listens");
        string address = serve.ErrorSoFar.Split("listening on ")[1].Split(';')[0];
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address + "/v1/ledger");
        request.Headers.Host = new Uri(asked).Host;
        Assert.Equal(expected, (int)(await http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", null, null, "https://127.0.0.1:0 needs a certificate")]
    [InlineData("https://127.0.0.1:0", "Kestrel__Certificates__Default__Path", "/nonexist.pfx", "https://127.0.0.1:0 needs a certificate (Could not find file '/nonexist.pfx'): name a file by Kestrel__Certificates__Default__Path")]
    [InlineData("http://127.0.0.1:0", "Kestrel__Certificates__Default__Path", "/nonexist.pfx", "The certificate cannot be used (Could not find file '/nonexist.pfx'): name another by Kestrel__Certificates__Default__Path")]
    [InlineData("http://203.0.113.7:5080", null, null, "--urls: 203.0.113.7 is not an address of this machine")]
    [InlineData("http://nosuch.invalid:5080", null, null, "--urls: the host 'nosuch.invalid' is unknown")]
    [InlineData("http://localhost:0", null, null, "--urls: 'http://localhost:0' asks for a free port")]
    [InlineData("http://127.0.0.1:99999", null, null, "--urls: 'http://127.0.0.1:99999' is not an address")]
    [InlineData("http://127.0.0.1:5080/x", null, null, "--urls: 'http://127.0.0.1:5080/x' is not an address")]
    [InlineData("http://127.0.0.1:5080#x", null, null, "--urls: 'http://127.0.0.1:5080#x' is not an address")]
    [InlineData("http://user@127.0.0.1:5080", null, null, "--urls: 'http://user@127.0.0.1:5080' is not an address")]
    [InlineData(";", null, null, "--urls names no address")]
    [InlineData("http://127.0.0.1:1,http://127.0.0.1:2", null, null, "--urls: 'http://127.0.0.1:1,http://127.0.0.1:2' is not an address to listen on; one looks like http://127.0.0.1:5080; separate several with ;")]
    [InlineData("http://127.0.0.1:5080;http://127.0.0.1:5080", null, null, "--urls names http://127.0.0.1:5080 twice")]
    [InlineData("http://127.0.0.1:0", "Logging__LogLevel__Default", "Loud", "Logging:LogLevel:Default is 'Loud': give Trace")]
    [InlineData(null, "LAKE_URLS", "nowhere", "LAKE_URLS: 'nowhere' is not an address")]
    public void What_cannot_be_listened_on_is_a_line_that_names_the_setting_for_serve_and_validate(string? urls, string? name, string? value, string expected)
    {
        using var scratch = new ScratchFolder();
        LakeApiKey key = LakeApiKey.Create("a").Key;
        KeyFile.Add(scratch["keys"], key);
        foreach (string command in (string[])["serve", "validate"])
        {
            LakeResult result = LakeProcess.Run(new LakeCall([command, "--lake", scratch["lake"], "--keys", scratch["keys"], "--quiet", .. urls is null ? (string[])[] : ["--urls", urls]])
            {
                Environment = name is null ? new Dictionary<string, string?>() : new Dictionary<string, string?> { [name] = value },
            });
            Assert.True(result.ExitCode == 2, result.Error);
            Assert.StartsWith($"lake: {expected}", result.Error, StringComparison.Ordinal);
            Assert.Equal(1, result.Error.Count(c => c == '\n'));
            Assert.False(Directory.Exists(scratch["lake"]));
        }
    }

    [Fact]
    public void A_certificate_is_looked_for_in_the_folder_that_the_server_is_started_from()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("good.pfx", "none");
        foreach (string command in (string[])["serve", "validate"])
        {
            LakeResult found = Run("good.pfx"), missing = Run("other.pfx");
            Assert.Equal((2, 2), (found.ExitCode, missing.ExitCode));
            Assert.Contains("the one that is named cannot be used: it is not a PFX or PEM file", found.Error, StringComparison.Ordinal);
            Assert.Contains($"Could not find file '{scratch["other.pfx"]}'", missing.Error, StringComparison.Ordinal);

            LakeResult Run(string file) => LakeProcess.Run(new LakeCall(command, "--lake", scratch["lake"], "--urls", "https://127.0.0.1:0")
            {
                WorkingFolder = scratch.Path,
                Environment = new Dictionary<string, string?> { ["Kestrel__Certificates__Default__Path"] = file },
            });
        }
    }

    [Fact]
    public void Validate_refuses_a_queue_that_is_named_twice_with_two_users()
    {
        using var scratch = new ScratchFolder();
        foreach (string command in (string[])["serve", "validate"])
        {
            LakeResult result = LakeProcess.Run(new LakeCall(
                command, "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0", "--source", "rabbitmq://a:OLD@127.0.0.1:1/?queue=q1", "--source", "rabbitmq://b:NEW@127.0.0.1:1/?queue=q1"));
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("the queue 'q1' at 127.0.0.1:1 is named twice", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_tells_each_fault_of_a_line_of_keys_of_the_environment_and_of_options_that_stand_together()
    {
        using var scratch = new ScratchFolder();
        string keys = scratch.Write("keys", "a read zz\nb nothing 00\nc\n");
        LakeResult told = LakeProcess.Run(new LakeCall("validate", "--lake", scratch["lake"], "--keys", keys, "--embed-keys", keys, "--countries", "none.csv")
        {
            Environment = new Dictionary<string, string?> { ["OrleansLake__DrainMax"] = "x", ["OrleansLake__Foo"] = "1" },
        });
        string[] lines = told.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, told.ExitCode);
        Assert.Equal(10, lines.Length);
        Assert.Equal(["1", "2", "2", "3", "1", "2", "3"], lines[..7].Select(line => line.Split(", line ")[1][..1]));
        Assert.StartsWith("lake: OrleansLake:DrainMax is 'x'", lines[7], StringComparison.Ordinal);
        Assert.StartsWith("lake: OrleansLake:Foo is not a setting", lines[8], StringComparison.Ordinal);
        Assert.StartsWith("lake: The countries file none.csv cannot be read", lines[9], StringComparison.Ordinal);

        LakeResult both = LakeProcess.Run("validate", "--lake", scratch["lake"], "--countries", "none.csv", "--trigger", "5q");
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("none.csv", both.Error, StringComparison.Ordinal);
        Assert.Contains("--trigger 5q", both.Error, StringComparison.Ordinal);
        LakeResult nowhere = LakeProcess.Run("validate", "--lake", scratch["lake"], "--keys", scratch["nosuch"]);
        Assert.Equal((5, $"lake: The keys cannot be read: there is no file {scratch["nosuch"]}; `lake key NAME --keys {scratch["nosuch"]}` makes one.\n"), (nowhere.ExitCode, nowhere.Error));
    }

    [Fact]
    public void Validate_notes_a_port_that_is_taken_and_another_folder_in_the_environment()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var scratch = new ScratchFolder();
        LakeResult told = LakeProcess.Run(new LakeCall("validate", "--lake", scratch["lake"], "--urls", $"http://{taken.LocalEndpoint};http://127.0.0.1:0")
        {
            Environment = new Dictionary<string, string?> { ["OrleansLake__Path"] = "/elsewhere" },
        });
        Assert.Equal(0, told.ExitCode);
        Assert.Equal(
            $"lake: OrleansLake__Path is /elsewhere, but the lake is {scratch["lake"]}, as --lake or LAKE_DIR says.\n"
            + $"lake: http://{taken.LocalEndpoint} is in use by another program; name another address with --urls. Or end that first: lake serve does not start beside it.\n",
            told.Error);
    }

    [Fact]
    public void Validate_tells_all_that_is_otherwise_in_a_lake_that_is_there()
    {
        using var scratch = new ScratchFolder();
        string countries = scratch.Write("countries.csv", "country_id,country\n2000,Elsewhere\n");
        Assert.Equal(0, LakeProcess.Run(new LakeCall("ingest", "-", "--lake", scratch["lake"]) { Input = System.Text.Encoding.UTF8.GetBytes(ServerUnderTest.Line("a")) }).ExitCode);
        LakeResult told = LakeProcess.Run("validate", "--lake", scratch["lake"], "--partitions", "4", "--time-zone", "Asia/Tokyo", "--countries", countries, "--urls", "http://0.0.0.0:1");
        Assert.Equal(2, told.ExitCode);
        string[] lines = told.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains("Beyond loopback", lines[0], StringComparison.Ordinal);
        Assert.Equal("lake: The lake's time zone is UTC and cannot be changed to Asia/Tokyo; it is fixed when a lake is created.", lines[1]);
        Assert.StartsWith("lake: The lake has other countries", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("lake: The lake has 1 partition, and 4 were asked for", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_refuses_a_folder_that_cannot_hold_a_lake()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("file", "x");
        LakeResult isFile = LakeProcess.Run("validate", "--lake", file);
        Assert.Equal((5, $"lake: {file} is a file; name a folder with --lake (in an application OrleansLake:Path).\n"), (isFile.ExitCode, isFile.Error));
        LakeResult below = LakeProcess.Run("validate", "--lake", Path.Combine(file, "lake"));
        string link = scratch["link"];
        File.CreateSymbolicLink(link, "/nonexist/y");
        foreach ((string path, string told) in ((string, string)[])[(link, $"{link} is a link to /nonexist/y, which is not there"), ($"{link}/lake", $"{link}/lake cannot be made: {link} is a link to /nonexist/y, which is not there")])
        {
            LakeResult lost = LakeProcess.Run(new LakeCall("serve", "--lake", path, "--urls", "http://127.0.0.1:0", "--quiet"));
            Assert.Equal((5, $"lake: {told}; name a folder with --lake (in an application OrleansLake:Path).\n"), (lost.ExitCode, lost.Error));
        }

        Assert.Equal((5, $"lake: {file}/lake cannot be made: {file} is a file; name a folder with --lake (in an application OrleansLake:Path).\n"), (below.ExitCode, below.Error));
    }

    [Theory]
    [InlineData("--urls", "http://nosuch.invalid:5080")]
    [InlineData("LAKE_URLS", "http://127.0.0.1:0;https://nosuch.invalid")]
    public void A_host_that_is_unknown_is_told_before_keys_are_asked_for(string setting, string urls)
    {
        using var scratch = new ScratchFolder();
        bool isOption = setting == "--urls";
        LakeResult result = LakeProcess.Run(new LakeCall(["serve", "--lake", scratch["lake"], .. isOption ? (string[])["--urls", urls] : []])
        {
            Environment = new Dictionary<string, string?> { ["LAKE_URLS"] = isOption ? null : urls },
        });
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"lake: {setting}: the host 'nosuch.invalid' is unknown (", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
        Assert.False(Directory.Exists(scratch["lake"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1")]
    public async Task Top_at_a_terminal_draws_over_itself_and_with_no_color_in_none(string? noColor)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");

        // script(1) gives it a terminal, and passes on what it draws.
        using LakeProcess top = LakeProcess.Start(new LakeCall("top", "--url", server.Address.ToString(), "--every", "50ms")
        {
            Through = ["sh", "-c", "exec script -qefc \"$*\" /dev/null", "sh"],
            Environment = new Dictionary<string, string?> { ["NO_COLOR"] = noColor, ["TERM"] = "xterm-256color" },
            InputStaysOpen = true,
        });
        top.WaitUntil(one => one.OutputSoFar.Split("\e[H\e[J").Length >= 3, "it drew three times");
        string[] drawings = top.OutputSoFar.Split("\e[H\e[J");
        Assert.All(drawings[..2], drawing =>
        {
            Assert.Contains("accepted", drawing, StringComparison.Ordinal);
            Assert.Contains("waiting for fsync", drawing, StringComparison.Ordinal);
            Assert.Contains("newest event", drawing, StringComparison.Ordinal);
        });
        if (noColor is not null)
        {
            Assert.DoesNotMatch(@"\e\[([0-9;]*;)?(3|4|9|10)[0-9][0-9;]*m", drawings[1]);
        }
    }

    [Fact]
    public void Top_of_no_server_says_so_and_does_not_end_with_0()
    {
        LakeResult result = LakeProcess.Run("top", "--once", "--url", $"http://127.0.0.1:{FreePort.Take()}");
        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("lake: http://127.0.0.1:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_waits_for_the_server_and_says_what_it_is()
    {
        using var scratch = new ScratchFolder();
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}");
        LakeResult before = LakeProcess.Run("health", "--url", url);
        Assert.Equal((5, "unreachable\n"), (before.ExitCode, before.Output));
        Assert.Equal(5, LakeProcess.Run("health", "--wait", "150ms", "--url", url).ExitCode);

        using LakeProcess waiting = LakeProcess.Start(new LakeCall("health", "--wait", "--url", url));
        using LakeProcess server = LakeProcess.Start(new LakeCall("serve", "--lake", scratch["lake"], "--urls", url, "--no-fsync"));
        LakeResult healthy = waiting.Wait();
        Assert.Equal((0, "healthy\n", ""), (healthy.ExitCode, healthy.Output, healthy.Error));

        // By the environment as well.
        Assert.Equal(0, LakeProcess.Run(new LakeCall("health") { Environment = new Dictionary<string, string?> { ["LAKE_URL"] = url } }).ExitCode);
        server.Terminate();
        Assert.Equal(0, server.Wait().ExitCode);
        Assert.Equal(5, LakeProcess.Run("health", "--url", url).ExitCode);
    }

    [Fact]
    public void Validate_says_every_fault_and_leaves_nothing_behind()
    {
        using var scratch = new ScratchFolder();
        string lake = scratch["lake"];
        LakeResult good = LakeProcess.Run("validate", "--lake", lake);
        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Contains($"There is no lake in {lake} yet", good.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake));

        File.WriteAllText(scratch["keys"], "shop everything 123\n");
        Directory.CreateDirectory(scratch["other"]);
        File.WriteAllText(Path.Combine(scratch["other"], "something.txt"), "");
        LakeResult two = LakeProcess.Run("validate", "--lake", scratch["other"], "--keys", scratch["keys"]);
        Assert.Equal((2, ""), (two.ExitCode, two.Output));
        Assert.Contains("line 1", two.Error, StringComparison.Ordinal);
        Assert.Contains("something.txt", two.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", two.Error, StringComparison.Ordinal);

        foreach (string option in (string[])["--keys", "--embed-keys"])
        {
            LakeResult missing = LakeProcess.Run("validate", "--lake", lake, option, scratch["nosuch"]);
            Assert.Equal(5, missing.ExitCode);
            Assert.Contains(scratch["nosuch"], missing.Error, StringComparison.Ordinal);
        }

        LakeResult options = LakeProcess.Run("validate", "--lake", lake, "--trigger", "5x", "--partitions", "0", "--allow-origin", "zzz");
        Assert.Equal(2, options.ExitCode);
        Assert.All(["--trigger", "--partitions", "--allow-origin"], option => Assert.Contains(option, options.Error, StringComparison.Ordinal));

        // All at once, whatever kind of thing is wrong.
        LakeResult all = LakeProcess.Run(new LakeCall(
            "validate", "--lake", scratch["other"], "--trigger", "5x", "--urls", "nonsense;http://nosuch.invalid:1", "--keys", scratch["nosuch"], "--embed-keys", scratch["keys"])
        {
            Environment = new Dictionary<string, string?> { ["OrleansLake__Limits__StreamsMax"] = "-1", ["Logging__LogLevel__X"] = "loud" },
        });
        Assert.Equal(2, all.ExitCode);
        Assert.All(
            ["--trigger 5x", "'nonsense'", "the host 'nosuch.invalid' is unknown", scratch["nosuch"], "line 1", "StreamsMax", "Logging:LogLevel:X", "something.txt"],
            part => Assert.Single(all.Error.Split('\n'), line => line.Contains(part, StringComparison.Ordinal)));
        Assert.DoesNotContain("without keys", all.Error, StringComparison.Ordinal);
        LakeResult parsed = LakeProcess.Run("validate", "--lake", lake, "--urls", "nonsense", "--keys", scratch["nosuch"]);
        Assert.Equal(5, parsed.ExitCode);
        Assert.Contains("'nonsense'", parsed.Error, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("/proc belongs to the system", LakeProcess.Run("validate", "--lake", "/proc/lake").Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, LakeProcess.Run("validate", "--lake", lake, "--urls", "http://0.0.0.0:5080").ExitCode);
        Assert.Equal(2, LakeProcess.Run("validate", "--lake", lake, "--frame-ancestor", "not an origin").ExitCode);
        Assert.Equal(2, LakeProcess.Run(new LakeCall("validate", "--lake", lake) { Environment = new Dictionary<string, string?> { ["LAKE_URLS"] = "http://*:80" } }).ExitCode);
        Assert.Equal(2, LakeProcess.Run(new LakeCall("validate", "--lake", lake) { Environment = new Dictionary<string, string?> { ["OrleansLake__Limits__StreamsMax"] = "-1" } }).ExitCode);
    }

    [Fact]
    public async Task Validate_looks_at_a_lake_that_is_being_served()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        Assert.Equal(0, LakeProcess.Run("validate", "--lake", server.Lake).ExitCode);
        LakeResult zone = LakeProcess.Run("validate", "--lake", server.Lake, "--time-zone", "Europe/Lisbon");
        Assert.Equal(2, zone.ExitCode);
        Assert.Contains("time zone", zone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Completion_in_a_real_bash_offers_what_the_command_takes()
    {
        Assert.Equal(["replay"], Complete("lake repl"));
        Assert.Equal(["report1"], Complete("lake report report1").Where(word => word.StartsWith("report", StringComparison.Ordinal)));
        Assert.Contains("--allow-origin", Complete("lake serve --a"));
        Assert.Equal(["csv"], Complete("lake report report1 --format c"));

        static string[] Complete(string line)
        {
            string[] words = line.Split(' ');
            string array = string.Join(' ', words.Select(word => $"'{word}'"));
            var call = new LakeCall("completion", "bash")
            {
                Through =
                [
                    "bash", "-c",
                    $"run=(\"${{@:1:2}}\"); lake() {{ \"${{run[@]}}\" \"$@\"; }}; source <(\"$@\"); COMP_LINE='{line}' COMP_POINT={line.Length} COMP_CWORD={words.Length - 1}; COMP_WORDS=({array}); _lake_complete; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                    "bash",
                ],
            };
            LakeResult result = LakeProcess.Run(call);
            Assert.True(result.ExitCode == 0, result.Error);
            return [.. result.Lines.Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Completion_has_a_script_for_every_shell_that_asks_the_command_itself(string shell)
    {
        LakeResult result = LakeProcess.Run("completion", shell);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("[suggest:", result.Output, StringComparison.Ordinal);
    }
}
