using System.Net;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Security;

/// <summary>Tokens that another site makes for its readers, and all that is not a report.</summary>
public class LockedTokenTests
{
    [Fact]
    public async Task A_token_that_reads_reports_behind_filters_reads_nothing_else()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Embed.Keys.Add(EmbedKey.Create("site")));
        using var asked = new StringContent("{\"reports\":{\"report1\":{}}}", null, "application/json");
        JsonElement made = (await ServerUnderTest.JsonAsync(await server.Http.PostAsync("/v1/embed-tokens", asked))).Json;
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", made.GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/v1/reports/report1")).StatusCode);
        foreach (string path in (string[])["/v1/status", "/v1/ledger", "/v1/messages?id=a", "/v1/sources", "/v1/sinks"])
        {
            using HttpResponseMessage response = await server.Http.GetAsync(path);
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{path}: {response.StatusCode}");
        }
    }
}
