using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLake.Server.Tests.Hosting;

/// <summary>An application's own routes beside those of the lake.</summary>
public class OwnRoutesTests
{
    private const string Here = "127.0.0.1";

    [Theory]
    [InlineData("")]
    [InlineData("/lake")]
    public async Task Its_health_metrics_and_description_stay_its_own(string prefix)
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0", map: app =>
        {
            foreach (string own in (string[])["/health", "/alive", "/metrics", "/openapi/{document}.json"])
            {
                app.MapGet(prefix + own, () => "own");
            }

            app.MapGroup(prefix).MapOrleansLake();
        });
        foreach (string own in (string[])["/health", "/alive", "/metrics", "/openapi/v1.json"])
        {
            Assert.Equal("own", await app.TextAsync(Here, prefix + own));
        }

        Assert.Equal(200, (await app.AskAsync(Here, prefix + "/v1/ledger")).Status);
    }

    [Fact]
    public async Task Without_any_of_its_own_the_lake_maps_no_health_until_it_is_told_to()
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0", map: app =>
        {
            app.MapOrleansLake();
            app.MapGroup("/lake").MapOrleansLakeHealth();
        });
        Assert.Equal(404, (await app.AskAsync(Here, "/health")).Status);
        Assert.Equal(404, (await app.AskAsync(Here, "/alive")).Status);
        Assert.Equal("{\"status\":\"healthy\"}", await app.TextAsync(Here, "/lake/health"));
        Assert.Equal("{\"status\":\"alive\"}", await app.TextAsync(Here, "/lake/alive"));
        Assert.Equal(200, (await app.AskAsync(Here, "/metrics")).Status);
        Assert.Equal(200, (await app.AskAsync(Here, "/openapi/v1.json")).Status);
    }

    [Fact]
    public async Task The_lake_is_one_of_the_applications_health_checks()
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(
            urls: "http://127.0.0.1:0",
            configure: builder => builder.Services.AddHealthChecks().AddOrleansLake(),
            map: app =>
            {
                app.MapOrleansLake();
                app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = (context, report) => context.Response.WriteAsync(string.Join(' ', report.Entries.Keys)) });
                app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live"), ResponseWriter = (context, report) => context.Response.WriteAsync(string.Join(' ', report.Entries.Keys)) });
            });
        Assert.Equal("orleanslake", await app.TextAsync(Here, "/health"));
        Assert.Equal("orleanslake-alive", await app.TextAsync(Here, "/alive"));
    }

    [Fact]
    public async Task An_application_whose_lake_is_lost_ends_with_what_is_gone_and_not_as_if_it_were_done()
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0");
        Task ended = app.EndedAsync();
        File.Delete(Path.Combine(app.LakeFolder, "lake.json"));
        Exception failure = await Assert.ThrowsAsync<OrleansLake.Storage.LakeNotFoundException>(() => ended.WaitAsync(Eventually.Max));
        Assert.True(OrleansLakeFailures.IsExplained(failure));
        Assert.Contains("lake.json is gone", failure.Message, StringComparison.Ordinal);
    }
}
