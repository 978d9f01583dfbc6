using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>Tests what operators see of a silo, with the HTTP API and without: health, metrics and traces.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_silo_without_the_API_shows_its_health_and_metrics_and_no_data()
    {
        string health = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], null, ("Health__Urls", health));
        await silo.StartedAsync();
        Assert.Contains($"health and metrics are at {health}, without a key", silo.Output, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), await GetAsync($"{health}/alive"));
        await UntilAsync(async () => await GetAsync($"{health}/health") == (HttpStatusCode.OK, """{"status":"healthy"}"""), "healthy");
        await UntilAsync(async () => (await GetAsync($"{health}/metrics")).Body.Contains("orleanslake_ledger_bronze 0", StringComparison.Ordinal), "metrics");
        foreach (string other in (string[])["/", "/v1/status", "/v1/reports/report1", "/dashboard/", "/openapi/v1.json"])
        {
            Assert.Equal((HttpStatusCode.NotFound, ""), await GetAsync(health + other));
        }

        Assert.Equal(0, await silo.TerminateAsync());
    }

    [Fact]
    public async Task Beyond_loopback_health_needs_no_keys_beside_an_API_that_stays_on_loopback()
    {
        int port = FreePort.Take();
        string api = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], api, ("OrleansLake__Health__Urls", $"http://0.0.0.0:{port}"));
        await silo.StartedAsync();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"{api}/v1/status")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"http://127.0.0.1:{port}/metrics")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"http://127.0.0.1:{port}/v1/status")).Status);
    }

    [Fact]
    public async Task A_silo_that_has_not_joined_yet_is_alive_and_not_healthy()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        string health = $"http://127.0.0.1:{FreePort.Take()}";
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"], null, ("Cluster__PrimaryPort", $"{((IPEndPoint)first.LocalEndpoint).Port}"), ("Health__Urls", health));
        await silo.SaidAsync("health and metrics are at");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"{health}/alive")).Status);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"starting"}"""), await GetAsync($"{health}/health"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"{health}/metrics")).Status);
    }

    [Fact]
    public async Task A_silo_without_HTTP_sends_the_metrics_and_spans_of_Orleans_with_its_own()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using SiloProcess silo = SiloProcess.BeginAlone(
            _folder["lake"], null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"));
        await silo.StartedAsync();
        await using ClusterClient client = await ClusterClient.ConnectAsync(silo.GatewayPort);
        await client.Gateway.GetReportAsync("report1");
        foreach ((string path, string text) in ((string, string)[])[
            ("/v1/metrics", "orleanslake.ledger.bronze"), ("/v1/metrics", "orleans-"), ("/v1/metrics", "Microsoft.Orleans"), ("/v1/traces", "Microsoft.Orleans.Runtime"), ("/v1/traces", "OrleansLake.Grains.IGatewayGrain/GetReportAsync")])
        {
            await UntilAsync(() => Task.FromResult(collector.Received.Any(one => one.Path == path && one.Text.Contains(text, StringComparison.Ordinal))), $"{path} {text}");
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(100))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), what);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string url)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(url));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
