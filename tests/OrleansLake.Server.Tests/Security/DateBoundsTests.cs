using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansLake.Engine;
using OrleansLake.Server.Embedded;

namespace OrleansLake.Server.Tests.Security;

public class DateBoundsTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_sender_may_have_so_many_dates_within_an_hour_and_others_have_their_own()
    {
        DateBounds bounds = New(perSender: 3);
        Assert.Null(bounds.Refuse("a", [1, 2]));
        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Null(bounds.Refuse("a", [2, 3]));

        SendOutcome refused = bounds.Refuse("a", [4])!;
        Assert.Equal((SendStatus.TooManyDates, TimeSpan.FromMinutes(40)), (refused.Status, refused.RetryAfter));
        Assert.Contains("lake ingest", refused.Reason, StringComparison.Ordinal);
        Assert.Null(bounds.Refuse("a", [1, 2, 3]));
        Assert.Null(bounds.Refuse("b", [4, 5, 6]));
    }

    [Fact]
    public void A_date_is_forgotten_an_hour_after_it_was_sent_last()
    {
        DateBounds bounds = New(perSender: 2);
        Assert.Null(bounds.Refuse("a", [1, 2]));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(bounds.Refuse("a", [2]));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(bounds.Refuse("a", [3]));
        Assert.Equal(TimeSpan.FromMinutes(59), bounds.Refuse("a", [4])!.RetryAfter);
    }

    [Fact]
    public void One_body_has_a_bound_of_its_own_that_no_waiting_moves()
    {
        SendOutcome refused = New(perBody: 2).Refuse("a", [1, 2, 3])!;
        Assert.Equal((SendStatus.TooManyDates, (TimeSpan?)null), (refused.Status, refused.RetryAfter));
    }

    [Fact]
    public void What_is_kept_of_senders_is_bounded_and_those_beyond_share()
    {
        DateBounds bounds = New(perSender: 2);
        for (int sender = 0; sender < DateBounds.SendersMax; sender++)
        {
            Assert.Null(bounds.Refuse($"s{sender}", [1]));
        }

        Assert.Null(bounds.Refuse("late", [1, 2]));
        Assert.NotNull(bounds.Refuse("later", [3]));
        Assert.Null(bounds.Refuse("s0", [2]));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(bounds.Refuse("later", [3]));
    }

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

    private DateBounds New(int perBody = 400, int perSender = 1000) => new(new LakeServerLimits { DatesPerBodyMax = perBody, DatesPerSenderMax = perSender }, _clock);

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
