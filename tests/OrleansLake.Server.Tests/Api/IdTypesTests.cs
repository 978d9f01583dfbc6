using System.Net;
using System.Net.Http.Headers;
using OrleansLake.Client;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Tests.Api;

/// <summary>A server over a lake of this process whose ids are not numbers of 32 bits.</summary>
public class IdTypesTests
{
    [Theory]
    [InlineData("text", "alice,%26%2B%C3%A9", "{\"user_id\":\"&+é\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"alice\",\"iterations\":1,\"SMS\":1}\n", "\"alice\"", "\"&+é\"")]
    [InlineData("int64", "5000000000,9223372036854775807", "{\"user_id\":5000000000,\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"9223372036854775807\",\"iterations\":1,\"SMS\":1}\n", "5000000000", "\"9223372036854775807\"")]
    public async Task A_filter_of_users_is_read_by_the_type_of_the_open_lake(string type, string users, string expected, params string[] sent)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.UserId = type);
        string body = string.Concat(sent.Append(type == "text" ? "\"carol\"" : "7").Select(static (user, i) => $$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"m{{i}}","event_type":"SENT","channel":"SMS","user_id":{{user}}}""" + "\n"));
        using HttpResponseMessage posted = await server.PostAsync(body, "?wait=report");
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal(expected, await server.Http.GetStringAsync($"/v1/reports/report2.ndjson?user={users}"));
        Assert.Equal(type, (await server.GetJsonAsync("/v1/status")).GetProperty("user_id_type").GetString());
        Assert.Equal("int32", (await server.GetJsonAsync("/v1/status")).GetProperty("country_id_type").GetString());
        Assert.Equal(type, IdTypes.Name((await server.NewClient().GetIdTypesAsync()).User));
    }

    [Fact]
    public async Task A_default_lake_refuses_a_user_that_is_not_a_number_of_32_bits()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        foreach (string user in (string[])["alice", "5000000000"])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.GetAsync($"/v1/reports/report2.ndjson?user={user}")).StatusCode);
        }
    }

    [Fact]
    public async Task An_embed_token_is_locked_to_a_user_that_is_a_text()
    {
        EmbedKey site = EmbedKey.Create("site");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options =>
        {
            options.UserId = "text";
            options.Embed.Keys.Add(site);
        });
        (await server.PostAsync("""{"timestamp":"2024-12-16T10:00:00Z","message_id":"m","event_type":"SENT","channel":"SMS","user_id":"alice"}""", "?wait=report")).Dispose();
        Assert.Equal("{\"user_id\":\"alice\",\"iterations\":1,\"SMS\":1}\n", await SeenByAsync("alice"));
        Assert.Equal("", await SeenByAsync("bob"));

        async Task<string> SeenByAsync(string user)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/report2.ndjson");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", new EmbedTokens([site], TimeSpan.FromHours(1), TimeProvider.System, LakeReports.All).Write(
                new EmbedToken { KeyId = site.Id, ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5), Reports = new Dictionary<string, ReportFilter> { ["report2"] = new() { Users = [new IdValue(user)] } } }));
            using HttpResponseMessage answer = await server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }
}
