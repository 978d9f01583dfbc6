using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>The samples in docs/cluster.md, as those who copy them run them.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("LakeOnSilos")]
    [InlineData("SiloInYourApp")]
    public void The_page_shows_the_sample_s_own_file(string name)
    {
        string page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "cluster.md"));
        string sample = File.ReadAllText(Path.Combine(Fixtures.Root, "samples", name, "Program.cs"));
        Assert.Contains($"```csharp\n{sample.TrimEnd()}\n```", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_silo_and_with_a_port_that_is_not_one_it_says_so_in_a_line()
    {
        Assert.Equal((2, "'abc' is not the port of a silo's gateway."), await SampleProgram.FailAsync("abc"));
        (int code, string error) = await SampleProgram.FailAsync($"{FreePort.Take()}");
        Assert.Equal(1, code);
        Assert.StartsWith("No silo lets this program in: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_against_a_silo_that_serves_HTTP_too()
    {
        using var folder = new ScratchFolder();
        string address = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.BeginAlone(folder["lake"], address);
        await silo.StartedAsync();
        string printed = await SampleProgram.RunAsync(silo.GatewayPort);
        Assert.Contains("stored 2", printed, StringComparison.Ordinal);
        Assert.Contains("2024-12-15T07:56:45.0000000+00:00 CREATED: Counted", printed, StringComparison.Ordinal);
        Assert.Contains("2024-12-16T10:10:01.0000000+00:00 CREATED: Suppressed", printed, StringComparison.Ordinal);
        Assert.Contains("CHAT on 2024-12-15: 1", printed, StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = new Uri(address) };
        Assert.Equal("date,channel,CREATED,total\n2024-12-15,CHAT,1,1\n", (await http.GetStringAsync("/v1/reports/report1.csv")).ReplaceLineEndings("\n"));
        using var body = new StringContent("{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"123\",\"channel\":\"CHAT\",\"user_id\":7}\n");
        body.Headers.ContentType = new("application/x-ndjson");
        HttpResponseMessage sent = await http.PostAsync("/v1/messages?wait=report", body);
        Assert.Equal(System.Net.HttpStatusCode.OK, sent.StatusCode);
        Assert.Contains("\"SENT\":1", await http.GetStringAsync("/v1/reports/report1"), StringComparison.Ordinal);
        Assert.Contains("\"bronze\":3", await http.GetStringAsync("/v1/ledger"), StringComparison.Ordinal);
        Assert.Contains("orleanslake_ledger_bronze", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);

        // A line for every activation would be a line for every message.
        Assert.DoesNotContain("Polly", silo.Output, StringComparison.Ordinal);
    }
}
