using System.Net;
using System.Text.Json;
using OrleansLake.Parquet;

namespace OrleansLake.Server.Tests.Api;

public class ReportTests
{
    private static readonly string Body = string.Concat(
        ServerUnderTest.Line("a", "SENT", "2024-12-16T10:00:00Z", "CHAT", 7),
        ServerUnderTest.Line("b", "OPEN", "2024-12-17T10:00:00Z", "CHAT", 7),
        ServerUnderTest.Line("c", "SENT", "2024-12-17T10:00:00Z", "SMS", 8),
        ServerUnderTest.Line("d", "SENT", "2024-12-18T10:00:00Z", "EMAIL", 9));

    [Theory]
    [InlineData("/v1/reports/report1.ndjson?date=2024-12-17", "2024-12-17 CHAT,2024-12-17 SMS")]
    [InlineData("/v1/reports/report1.ndjson?from=2024-12-17&channel=SMS,EMAIL", "2024-12-17 SMS,2024-12-18 EMAIL")]
    [InlineData("/v1/reports/report1.ndjson?to=2024-12-17&channel=CHAT", "2024-12-16 CHAT,2024-12-17 CHAT")]
    [InlineData("/v1/reports/report1.ndjson?skip=1&limit=2", "2024-12-17 CHAT,2024-12-17 SMS")]
    [InlineData("/v1/reports/report1.ndjson?skip=9", "")]
    [InlineData("/v1/reports/report2.ndjson?top=1", "7 ")]
    [InlineData("/v1/reports/report2.ndjson?user=9,8", "8 ,9 ")]
    [InlineData("/v1/reports/report2.ndjson?top=2&skip=1", "8 ")]
    public async Task Filters_and_pages_choose_rows(string url, string expected)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(Body, "?wait=report");
        string text = await server.Http.GetStringAsync(url);
        Assert.Equal(expected, string.Join(',', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("date", out JsonElement date)
                ? $"{date.GetString()} {json.RootElement.GetProperty("channel").GetString()}" : $"{json.RootElement.GetProperty("user_id")} ";
        })));
    }

    [Theory]
    [InlineData("/v1/reports/report1?from=2024-12-17&to=2024-12-16", "'from' is after 'to': no date is both.")]
    [InlineData("/v1/reports/report1/stream?from=2024-12-17&to=2024-12-16", "'from' is after 'to': no date is both.")]
    [InlineData("/v1/stream?reports=report1&report1.from=2024-12-17&report1.to=2024-12-16", "'report1.from' is after 'report1.to': no date is both.")]
    public async Task A_range_that_ends_before_it_begins_is_refused(string url, string detail)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using HttpResponseMessage response = await server.Http.GetAsync(url);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(detail, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_in_answers_are_as_they_were_sent()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("m'1+`<ä", "SENT", "2024-12-16T10:00:00Z", "A'+`<b>", 7), "?wait=report");
        Assert.Contains("\"message_id\":\"m'1+`<ä\"", await server.Http.GetStringAsync($"/v1/messages/{Uri.EscapeDataString("m'1+`<ä")}"), StringComparison.Ordinal);
        Assert.Contains("\"channel\":\"A'+`<b>\"", await server.Http.GetStringAsync("/v1/reports/report1"), StringComparison.Ordinal);
        Assert.DoesNotContain("\\u00", await server.Http.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_is_kept_follows_the_lake_and_is_kept_by_format()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(Body, "?wait=report");
        foreach (string url in (string[])["/v1/reports/report1?channel=SMS", "/v1/reports/report1.ndjson?channel=SMS", "/v1/reports/report1"])
        {
            string before = await server.Http.GetStringAsync(url);
            Assert.Equal(before, await server.Http.GetStringAsync(url));
        }

        await server.PostAsync(ServerUnderTest.Line("e", "SENT", "2024-12-17T10:00:00Z", "SMS", 8), "?wait=report");
        Assert.Equal(2, (await server.GetJsonAsync("/v1/reports/report1?channel=SMS")).GetProperty("rows")[0].GetProperty("total").GetInt32());
        Assert.Contains("\"total\":2", await server.Http.GetStringAsync("/v1/reports/report1.ndjson?channel=SMS"), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1");
        request.Headers.TryAddWithoutValidation("Accept", "text/csv");
        Assert.Contains("2024-12-17,SMS,,2,2", await (await server.Http.SendAsync(request)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_count_what_came_before_they_were_asked_for()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(Body);
        await server.PostAsync(Body + "no message\n");
        string[] metrics = (await server.Http.GetStringAsync("/metrics")).Split('\n');
        Assert.Contains("orleanslake_ingest_messages_total 8", metrics);
        Assert.Contains("orleanslake_ingest_quarantined_total 1", metrics);
        Assert.Contains("orleanslake_request_duration_seconds_count{route=\"/v1/messages\",status=\"202\"} 2", metrics);
        Assert.Contains("orleanslake_request_duration_seconds_bucket{route=\"/v1/messages\",status=\"202\",le=\"+Inf\"} 2", metrics);
    }

    [Fact]
    public async Task Fields_that_no_column_takes_are_counted_and_logged_once()
    {
        await using ApplicationUnderTest application = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = application.Address };
        string line = ServerUnderTest.Line("a").Trim()[..^1];
        foreach (string body in (string[])[line + ",\"plan\":\"gold\",\"campaign\":{\"id\":5}}", line + ",\"plan\":\"x\"}", line + ",\"plan\":\"x\",\"tier\":1}"])
        {
            using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));
            Assert.True((await http.PostAsync(new Uri("/v1/messages", UriKind.Relative), content)).IsSuccessStatusCode);
        }

        Assert.Contains("orleanslake_ingest_left_out_total 5", (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n'));
        string[] log = [.. application.Log.Where(static one => one.Contains("in no column", StringComparison.Ordinal))];
        Assert.Equal(
            ["http:local: 2 fields are in no column: plan, campaign.id (2 values); keep them by lake column keep attributes. They are named here once; /metrics counts all of them (orleanslake_ingest_left_out_total)",
             "http:local: 1 field is in no column: tier (1 value); keep them by lake column keep attributes. They are named here once; /metrics counts all of them (orleanslake_ingest_left_out_total)"],
            log);
    }

    [Fact]
    public async Task Bronze_file_of_another_program_that_goes_is_in_status_and_metrics_and_messages_are_taken_on()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        string folder = Directory.CreateDirectory(Path.Combine(server.Lake, "bronze/messages/data")).FullName;
        File.Copy(TestSupport.Fixtures.Path("foreign-parquet/arrow-snappy.parquet"), Path.Combine(folder, "theirs.parquet"));
        await server.GetJsonAsync("/v1/reports/report1?min_position=1.700");
        await Eventually.GetAsync(async () => (await server.GetJsonAsync("/v1/status")).GetProperty("published").GetInt64() == 700 ? "" : null, "the file's commit");
        Assert.Equal(0, (await server.GetJsonAsync("/v1/status")).GetProperty("external_files").GetArrayLength());
        File.Move(Path.Combine(folder, "theirs.parquet"), Path.Combine(folder, "moved.parquet"));
        JsonElement file = (await Eventually.GetAsync(
            async () => (await server.GetJsonAsync("/v1/status")).GetProperty("external_files") is var files && files.GetArrayLength() > 0 ? (object)files[0] : null,
            "the file's absence")) is JsonElement found ? found : default;
        Assert.Equal(
            """{"path":"bronze/messages/data/theirs.parquet","state":"renamed","rows":700,"renamed_to":"bronze/messages/data/moved.parquet"}""", file.GetRawText());
        Assert.Contains("orleanslake_external_unsettled 1", (await server.Http.GetStringAsync("/metrics")).Split('\n'));
        var standing = await server.NewClient().GetStatusAsync();
        Assert.Equal(("renamed", 700), (standing.ExternalFiles[0].State, standing.ExternalFiles[0].Rows));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Body, "?wait=report")).StatusCode);
        Assert.Equal(704, (await server.GetJsonAsync("/v1/ledger")).GetProperty("total").GetProperty("bronze").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Each_format_is_what_it_says_by_extension_and_by_accept()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(Body, "?wait=report");
        foreach ((string extension, string type) in ((string, string)[])[("json", "application/json"), ("csv", "text/csv"), ("ndjson", "application/x-ndjson"), ("parquet", "application/vnd.apache.parquet")])
        {
            byte[] byExtension = await (await server.Http.GetAsync($"/v1/reports/report1.{extension}")).Content.ReadAsByteArrayAsync();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1");
            request.Headers.TryAddWithoutValidation("Accept", $"image/png, {type};q=0.5");
            using HttpResponseMessage response = await server.Http.SendAsync(request);
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(byExtension, await response.Content.ReadAsByteArrayAsync());
        }

        using ParquetReader reader = ParquetReader.Open(await server.Http.GetByteArrayAsync("/v1/reports/report1.parquet"), "answer");
        Assert.Equal(4, reader.RowCount);
        Assert.StartsWith("date,channel,OPEN,SENT,total\r\n2024-12-16,CHAT,,1,1\r\n", await server.Http.GetStringAsync("/v1/reports/report1.csv"), StringComparison.Ordinal);
        using var picture = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1");
        picture.Headers.TryAddWithoutValidation("Accept", "image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await server.Http.SendAsync(picture)).StatusCode);
    }

    [Fact]
    public async Task The_position_is_the_tag_and_nothing_is_sent_while_it_stays()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(Body, "?wait=report");
        using HttpResponseMessage first = await server.Http.GetAsync("/v1/reports/report1");
        Assert.Equal("\"1.4\"", first.Headers.ETag!.Tag);
        Assert.Equal("1.4", first.Headers.GetValues("Lake-Position").Single());
        Assert.True(DateTimeOffset.UtcNow - DateTimeOffset.Parse(first.Headers.GetValues("Lake-Time").Single(), System.Globalization.CultureInfo.InvariantCulture) < TimeSpan.FromMinutes(1));
        (_, JsonElement json) = await ServerUnderTest.JsonAsync(first);
        Assert.Equal(("1.4", 4), (json.GetProperty("position").GetString(), json.GetProperty("rows_in_all").GetInt32()));
        foreach (string tag in (string[])["\"1.4\"", "W/\"1.4\"", "\"x\", \"1.4\"", "*"])
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1");
            again.Headers.TryAddWithoutValidation("If-None-Match", tag);
            using HttpResponseMessage response = await server.Http.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }

        await server.PostAsync(ServerUnderTest.Line("e"), "?wait=report");
        using var changed = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report1");
        changed.Headers.TryAddWithoutValidation("If-None-Match", "\"1.4\"");
        Assert.Equal(HttpStatusCode.OK, (await server.Http.SendAsync(changed)).StatusCode);
    }

    [Fact]
    public async Task Min_position_waits_for_ones_own_write()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        for (int i = 1; i <= 20; i++)
        {
            (_, JsonElement sent) = await ServerUnderTest.JsonAsync(await server.PostAsync(ServerUnderTest.Line($"m{i}")));
            JsonElement report = await server.GetJsonAsync($"/v1/reports/report1?min_position={sent.GetProperty("token").GetString()}");
            Assert.Equal(i, report.GetProperty("rows")[0].GetProperty("total").GetInt32());
        }
    }

    [Fact]
    public async Task A_messages_life_the_counts_and_the_quarantine_can_be_read()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(
            ServerUnderTest.Line("123", "CREATED", "2024-12-16T10:10:01Z") + ServerUnderTest.Line("123", "CREATED", "2024-12-16T07:56:45Z")
            + ServerUnderTest.Line("123", "NONE") + "{]\n", "?wait=report");
        JsonElement life = await server.GetJsonAsync("/v1/messages/123");
        Assert.Equal(["suppressed", "counted", "corrupted"], life.GetProperty("copies").EnumerateArray().Select(copy => copy.GetProperty("outcome").GetString()));
        Assert.Contains("07:56:45", life.GetProperty("copies")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        JsonElement total = (await server.GetJsonAsync("/v1/ledger")).GetProperty("total");
        Assert.Equal((3, 2, 1, 1, 1, true), (total.GetProperty("bronze").GetInt32(), total.GetProperty("messages").GetInt32(), total.GetProperty("messages_corrupted").GetInt32(), total.GetProperty("rejected").GetInt32(), total.GetProperty("deduplicated").GetInt32(), total.GetProperty("closes").GetBoolean()));
        JsonElement quarantine = await server.GetJsonAsync("/v1/quarantine?code=not_readable");
        Assert.Equal((1, "{]"), (quarantine.GetProperty("total").GetInt32(), quarantine.GetProperty("records")[0].GetProperty("raw").GetString()));
    }
}
