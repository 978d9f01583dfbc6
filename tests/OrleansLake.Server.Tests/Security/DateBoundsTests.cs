using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Security;

public class DateBoundsTests
{
    [Fact]
    public async Task A_key_that_opens_too_many_dates_in_many_bodies_is_429_and_another_key_is_not()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("shop", LakeScopes.All);
        (string other, LakeApiKey otherKey) = LakeApiKey.Create("other", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options =>
        {
            options.Keys.Add(key);
            options.Keys.Add(otherKey);
            options.Limits = new LakeServerLimits { DatesPerSenderMax = 10 };
        });
        for (int day = 1; day <= 10; day++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(Of(day), token: text)).StatusCode);
        }

        using HttpResponseMessage refused = await server.PostAsync(Of(11), token: text);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        (int status, JsonElement json) = await ServerUnderTest.JsonAsync(refused);
        Assert.Equal((429, "urn:orleanslake:problem:too-many-dates"), (status, json.GetProperty("type").GetString()));
        Assert.Contains("10 dates", json.GetProperty("detail").GetString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(Of(10), token: text)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(Of(11), token: other)).StatusCode);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        Assert.Equal(12, (await server.TotalAsync(12)).GetProperty("bronze").GetInt32());

        static string Of(int day) => ServerUnderTest.Line($"m{day}", timestamp: $"2024-12-{day:D2}T10:00:00Z");
    }
}
