using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Sinks;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>The status of sinks that nothing was written to yet; of real places <see cref="ReportSinkContract"/>.</summary>
public class SinkStatusTests
{
    [Fact]
    public async Task A_sink_that_nothing_was_written_to_is_shown_with_what_keeps_it()
    {
        await using ServerUnderTest server = await StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        await Eventually.HoldsAsync(() => server.GetJsonAsync("/v1/sinks").Result.GetProperty("sinks")[0].GetProperty("failed_at").ValueKind == JsonValueKind.String, "it has failed");
        JsonElement sink = Assert.Single((await server.GetJsonAsync("/v1/sinks")).GetProperty("sinks").EnumerateArray());
        Assert.Equal("name,epoch,position,time,lag,lag_seconds,failure,failed_at,taken", string.Join(',', sink.EnumerateObject().Select(static one => one.Name)));
        Assert.Equal("test:closed|0|||1|0|the place is closed|False", string.Join('|', sink.EnumerateObject().Where(static one => one.Name != "failed_at").Select(static one => $"{one.Value}")));

        // A client reads what was written, and an application's own code gets the same.
        SinkStatus read = Assert.Single(await server.NewClient().GetSinksAsync());
        Assert.Equal(read with { FailedAt = null }, Assert.Single(await server.Services.GetRequiredService<ILakeSinks>().GetSinksAsync()) with { FailedAt = null });
    }

    [Fact]
    public async Task A_server_without_sinks_has_none()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Assert.Empty(await server.NewClient().GetSinksAsync());
    }

    [Fact]
    public async Task Where_the_lake_cannot_be_asked_it_is_not_known_how_far_a_sink_is_behind()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        HttpLakeClient lake = server.NewClient(static options => options.TriesMax = 1);
        SinkStatus written = new("test:one") { Position = new LakePosition(1, 0), Time = DateTimeOffset.UnixEpoch };
        Assert.Equal((0L, TimeSpan.Zero), (written.Behind(await SinkLags.StandingAsync(lake, default)).Lag, written.Behind(await SinkLags.StandingAsync(lake, default)).LagTime));
        await server.StopAsync();
        Assert.Equal((null, null), (written.Behind(await SinkLags.StandingAsync(lake, default)).Lag, written.Behind(await SinkLags.StandingAsync(lake, default)).LagTime));
    }

    private static Task<ServerUnderTest> StartAsync() =>
        ServerUnderTest.StartAsync(settings: static settings => settings with { AddServices = static services => services.AddReportSink(static _ => new ClosedPlace()) });

    private sealed class ClosedPlace : IReportSink
    {
        public string Name => "test:closed";

        public IReadOnlyList<string> Reports => [];

        public Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken) => throw new SinkException("the place is closed.");

        public Task WriteAsync(SinkStep changes, CancellationToken cancellationToken) => throw new InvalidOperationException("It was never opened.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
