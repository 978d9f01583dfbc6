using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Telemetry;

public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentBag<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "OrleansLake" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_message_is_followed_from_its_request_to_the_manifest_that_publishes_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var traces = new List<ActivityTraceId>();
        for (int i = 0; i < 5; i++)
        {
            traces.Add(ActivityTraceId.CreateRandom());
            await SendAsync(server, traces[i], ServerUnderTest.Line($"m{i}") + "no message\n");
        }

        foreach (ActivityTraceId trace in traces)
        {
            Activity accept = await EndedAsync("lake.accept", span => span.TraceId == trace);
            Activity fsync = await EndedAsync("lake.fsync", span => span.TraceId == trace);
            Activity apply = await EndedAsync("lake.apply", span => LinksTo(span, accept));
            Activity commit = await EndedAsync("lake.commit", span => LinksTo(span, accept));
            Activity manifest = await EndedAsync("lake.manifest", span => span.ParentSpanId == commit.SpanId);

            // The request's own span is ASP.NET's, and what the lake does for it is within it.
            Activity request = await EndedAsync("Microsoft.AspNetCore.Hosting.HttpRequestIn", span => span.TraceId == trace);
            Assert.Equal(request.SpanId, accept.ParentSpanId);
            Assert.Equal(accept.SpanId, fsync.ParentSpanId);
            Assert.Equal(commit.TraceId, manifest.TraceId);
            Assert.NotEqual(trace, commit.TraceId);
            Assert.NotEqual(trace, apply.TraceId);
            Assert.Equal((default, default), (apply.ParentSpanId, commit.ParentSpanId));
            Assert.Equal(("Stored", 1L, 1L), ((string)accept.GetTagItem("lake.accept.outcome")!, (long)accept.GetTagItem("lake.accept.messages")!, (long)accept.GetTagItem("lake.accept.rejected")!));
            Assert.True((long)commit.GetTagItem("lake.commit.end_offset")! >= (long)accept.GetTagItem("lake.accept.end_offset")!);
            Assert.True((long)commit.GetTagItem("lake.commit.number")! > 0);
        }

        // Each is linked to by the one commit that publishes it.
        Assert.All(traces, trace => Assert.Single(_ended, span => span.OperationName == "lake.commit" && span.Links.Any(link => link.Context.TraceId == trace)));
    }

    [Fact]
    public async Task A_commit_links_to_no_more_than_it_may_however_many_sent()
    {
        const int LinksMax = 128;
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Trigger = TimeSpan.FromHours(1));
        await SendAsync(server, ActivityTraceId.CreateRandom(), ServerUnderTest.Line("first"));
        var traces = new List<ActivityTraceId>();
        for (int i = 0; i < LinksMax + 20; i++)
        {
            traces.Add(ActivityTraceId.CreateRandom());
            await SendAsync(server, traces[i], ServerUnderTest.Line($"m{i}"));
        }

        await server.StopAsync();
        Activity commit = await EndedAsync("lake.commit", span => span.Links.Any(link => link.Context.TraceId == traces[0]));
        Assert.InRange(commit.Links.Count(), LinksMax - 1, LinksMax);
    }

    [Fact]
    public async Task Spans_go_where_the_standard_environment_says_under_the_name_it_says()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync();

        using var scratch = new ScratchFolder();
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "shop-lake",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=trial",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        };
        using ServedProcess server = ServedProcess.Start(scratch["lake"], environment, "--trigger", "100ms");
        using var content = new StringContent(ServerUnderTest.Line("a"), null, "application/x-ndjson");
        (await server.Http.PostAsync("/v1/messages?wait=report", content)).EnsureSuccessStatusCode();

        foreach (string span in (string[])["lake.accept", "lake.fsync", "lake.apply", "lake.commit", "lake.manifest", "POST /v1/messages"])
        {
            await Eventually.HoldsAsync(() => collector.Received.Any(one => one.Path == "/v1/traces" && one.Text.Contains(span, StringComparison.Ordinal)), span);
        }

        await Eventually.HoldsAsync(() => collector.Received.Any(one => one.Path == "/v1/metrics" && one.Text.Contains("orleanslake.freshness.lag", StringComparison.Ordinal)), "metrics");
        Assert.All(collector.Received.Where(one => one.Path is "/v1/traces" or "/v1/metrics"), one =>
        {
            Assert.Contains("shop-lake", one.Text, StringComparison.Ordinal);
            Assert.Contains("trial", one.Text, StringComparison.Ordinal);
        });
    }

    public void Dispose() => _listener.Dispose();

    private static bool LinksTo(Activity span, Activity request) => span.Links.Any(link => link.Context == request.Context);

    private static async Task SendAsync(ServerUnderTest server, ActivityTraceId trace, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages?wait=report") { Content = new StringContent(body, null, "application/x-ndjson") };
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private Task<Activity> EndedAsync(string name, Func<Activity, bool> isIt) =>
        Eventually.GetAsync(() => Task.FromResult(_ended.FirstOrDefault(span => span.OperationName == name && isIt(span))), name);
}
