using System.Text.Json;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Tests.Api;

/// <summary>A report that is none of the lake's own, over HTTP.</summary>
public class AddedReportTests
{
    private static readonly ReportCatalog Reports = LakeReports.All.With(new ReportDefinition
    {
        Name = "countries",
        RowKeys = [MessageField.CountryId],
        ColumnKey = MessageField.EventType,
        TotalColumn = "messages",
    });

    [Fact]
    public async Task It_is_read_by_its_name_in_every_form_and_described()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Reports = Reports);
        await server.PostAsync(ServerUnderTest.Line("a") + ServerUnderTest.Line("b"), "?wait=report");
        Assert.Equal("country_id,messages,SENT\r\n2001,2,2\r\n", await server.Http.GetStringAsync("/v1/reports/countries.csv"));
        JsonElement json = await server.GetJsonAsync("/v1/reports/countries");
        Assert.Equal(2, json.GetProperty("rows")[0].GetProperty("messages").GetInt32());
        string description = await server.Http.GetStringAsync("/openapi/v1.json");
        Assert.Contains("report1 or report2 or countries.", description, StringComparison.Ordinal);
        Assert.Contains("\"countries.top\"", description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/reports/countries/stream")]
    [InlineData("/v1/stream?reports=countries")]
    [InlineData("/v1/stream?reports=countries&countries.top=1")]
    [InlineData("/v1/stream")]
    public async Task It_is_streamed(string url)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Reports = Reports);
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        using var reader = new StreamReader(await server.Http.GetStreamAsync(url));
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            if (line.StartsWith("data: {\"report\":\"countries\"", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("The stream ended.");
    }

    [Fact]
    public async Task An_embed_token_can_be_locked_to_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options =>
        {
            options.Reports = Reports;
            options.Embed.Keys.Add(new EmbedKey("site", Convert.ToBase64String(new byte[32])));
        });
        using var asked = new StringContent("{\"reports\":{\"countries\":{\"top\":1}}}", System.Text.Encoding.UTF8, "application/json");
        (int status, JsonElement made) = await ServerUnderTest.JsonAsync(await server.Http.PostAsync("/v1/embed-tokens", asked));
        Assert.Equal(200, status);
        using var read = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/countries");
        read.Headers.Authorization = new("Bearer", made.GetProperty("token").GetString());
        Assert.Equal(200, (int)(await server.Http.SendAsync(read)).StatusCode);
        using var other = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1");
        other.Headers.Authorization = read.Headers.Authorization;
        Assert.Equal(403, (int)(await server.Http.SendAsync(other)).StatusCode);
    }

    [Theory]
    [InlineData("ledger")]
    [InlineData("Countries")]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("report1")]
    public void A_name_that_cannot_be_a_folder_s_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => LakeReports.All.With(Reports[2] with { Name = name }));
}
