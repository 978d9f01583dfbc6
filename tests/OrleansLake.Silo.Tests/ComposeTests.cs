using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using OrleansLake.Storage.Azure;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>
/// docker-compose.yml's services, started by hand with the environment that is given there: only names and ports are this
/// machine's.
/// </summary>
public class ComposeTests
{
    [ComposeFact]
    public async Task The_services_of_docker_compose_serve_golden_and_leave_a_lake_in_the_container()
    {
        await using PostgreSqlServer postgreSql = await PostgreSqlServer.StartAsync();
        using AzuriteServer azurite = AzuriteServer.Start();
        await RunAsync(postgreSql, azurite, async _ =>
        {
            await using ClusterClient client = await ClusterClient.ConnectAsync(postgreSql.ConnectionString);
            long sent = 0;
            var ends = new long[16];
            foreach (byte[] piece in GoldenEvents.Pieces(2_000))
            {
                // The first opens every partition; under a key it may be sent again, however long a busy machine takes for that.
                var request = new SendRequest { Ndjson = piece, Key = "golden", Number = sent };
                SendReceipt receipt = await Retries.RunAsync(() => client.Gateway.SendAsync(request));
                sent += receipt.Accepted + receipt.Duplicates;
                ends = [.. ends.Zip(receipt.EndOffsets, Math.Max)];
            }

            Assert.Equal(12_000, sent);
            await client.Gateway.WaitAppliedAsync(new LakeOffsets(1, ends));
            Assert.Equal(GoldenEvents.Report1, Text((await client.Gateway.GetReportAsync("report1")).ToTable()));
            Assert.Equal(GoldenEvents.Report2, Text((await client.Gateway.GetReportAsync("report2")).ToTable()));
            await client.Gateway.CommitAsync();
        });

        LakeReader reader = LakeReader.Open(new AzureLakeStore(new AzureLakeStoreOptions { ConnectionString = azurite.ConnectionString, Container = "lake" }));
        Assert.Equal(16, reader.Partitions);
        Assert.Equal(GoldenEvents.Report1, Text(reader.Report("report1")));
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), reader.Ledger.Total);
        CheckResult check = reader.CheckDeep(2);
        Assert.True(check.Passed, string.Join('\n', check.Findings.Where(finding => !finding.IsRight)));
    }

    [ComposeFact]
    public async Task The_client_s_sample_runs_against_the_services_of_docker_compose()
    {
        await using PostgreSqlServer postgreSql = await PostgreSqlServer.StartAsync();
        using AzuriteServer azurite = AzuriteServer.Start();
        await RunAsync(postgreSql, azurite, async gateway =>
        {
            string printed = await SampleProgram.RunAsync(gateway.GatewayPort);
            Assert.Contains("stored 2", printed, StringComparison.Ordinal);
            Assert.Contains("CHAT on 2024-12-15: 1", printed, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_silo_is_given_the_time_that_it_takes_at_most_to_stop()
    {
        // 25 s.
        ComposeFile compose = ComposeFile.Read(new Dictionary<string, string> { ["LAKE_POSTGRES_PASSWORD"] = "secret" });
        Assert.InRange(compose.GraceSecondsOf("silo"), 26, 60);
        Assert.InRange(compose.GraceSecondsOf("gateway"), 26, 60);
        string[] kubernetes = File.ReadAllLines(Path.Combine(Fixtures.Root, "deploy", "kubernetes", "lake.yaml"));
        string grace = Assert.Single(kubernetes, line => line.Contains("terminationGracePeriodSeconds:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(grace.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), 26, 60);
    }

    [Fact]
    public void Only_HTTP_which_wants_keys_is_published_beyond_this_machine()
    {
        string[] published = [.. File.ReadAllLines(Path.Combine(Fixtures.Root, "docker-compose.yml")).Select(line => line.Trim()).Where(line => line.StartsWith("- \"", StringComparison.Ordinal) && line.Contains(':', StringComparison.Ordinal))];
        Assert.Equal(["- \"5080:5080\"", "- \"127.0.0.1:30000:30000\""], published);
        string kubernetes = File.ReadAllText(Path.Combine(Fixtures.Root, "deploy", "kubernetes", "lake.yaml"));
        Assert.Equal(["http"], kubernetes.Split("targetPort:")[1..].Select(after => after.Split('\n')[0].Trim()));
    }

    // While all of them run something uses the gateway.
    private static async Task RunAsync(PostgreSqlServer postgreSql, AzuriteServer azurite, Func<SiloProcess, Task> use)
    {
        ComposeFile compose = ComposeFile.Read(new Dictionary<string, string> { ["LAKE_POSTGRES_PASSWORD"] = "secret" });
        Assert.Equal(["postgres", "azurite", "silo", "gateway"], compose.Services);
        Assert.Contains("--skipApiVersionCheck", compose.CommandOf("azurite"));
        var silos = new List<SiloProcess>();
        try
        {
            foreach (string service in (string[])["gateway", .. Enumerable.Repeat("silo", compose.ScaleOf("silo"))])
            {
                silos.Add(SiloProcess.Begin(Here(compose.EnvironmentOf(service), postgreSql, azurite)));
                await silos[^1].StartedAsync();
            }

            await use(silos[0]);
        }
        finally
        {
            foreach (SiloProcess silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    // Of a container's network: the names of the services, and ports that are free there.
    private static Dictionary<string, string> Here(Dictionary<string, string> environment, PostgreSqlServer postgreSql, AzuriteServer azurite)
    {
        Assert.Equal("Host=postgres;Username=lake;Database=lake;Password=secret", environment["Cluster__PostgreSql"]);
        Assert.Contains("http://azurite:10000/", environment["Lake__ConnectionString"], StringComparison.Ordinal);
        var here = new Dictionary<string, string>(environment)
        {
            ["Cluster__PostgreSql"] = postgreSql.ConnectionString,
            ["Lake__ConnectionString"] = environment["Lake__ConnectionString"].Replace("azurite:10000", $"127.0.0.1:{azurite.Port}", StringComparison.Ordinal),
            ["Cluster__ProbeMs"] = "1000",
            ["Silo__Address"] = "127.0.0.1",
            ["Silo__Port"] = $"{FreePort.Take()}",
            ["Silo__GatewayPort"] = $"{FreePort.Take()}",
        };

        // The keys are a secret of the container; without them the API listens on loopback only.
        here.Remove("Http__Keys");
        if (here.ContainsKey("Http__Urls"))
        {
            here["Http__Urls"] = $"http://127.0.0.1:{FreePort.Take()}";
        }

        return here;
    }

    private static string Text(ReportTable table)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        table.WriteNdjson(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
