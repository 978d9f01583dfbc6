using OrleansLake.Engine.Sending;

namespace OrleansLake.Engine.Tests.Sending;

public class DateBoundsTests
{
    private readonly ManualClock _clock = new();
    private readonly DateBounds _bounds;

    public DateBoundsTests() => _bounds = new DateBounds(_clock);

    [Fact]
    public void A_sender_may_have_so_many_dates_within_an_hour_and_others_have_their_own()
    {
        Assert.Null(Refuse("a", [1, 2], perSender: 3));
        _clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Null(Refuse("a", [2, 3], perSender: 3));

        SendOutcome refused = Refuse("a", [4], perSender: 3)!;
        Assert.Equal((SendStatus.TooManyDates, TimeSpan.FromMinutes(40)), (refused.Status, refused.RetryAfter));
        Assert.Contains("lake ingest", refused.Reason, StringComparison.Ordinal);
        Assert.Null(Refuse("a", [1, 2, 3], perSender: 3));
        Assert.Null(Refuse("b", [4, 5, 6], perSender: 3));
    }

    [Fact]
    public void A_date_is_forgotten_an_hour_after_it_was_sent_last()
    {
        Assert.Null(Refuse("a", [1, 2], perSender: 2));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(Refuse("a", [2], perSender: 2));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Refuse("a", [3], perSender: 2));
        Assert.Equal(TimeSpan.FromMinutes(59), Refuse("a", [4], perSender: 2)!.RetryAfter);
    }

    [Fact]
    public void One_body_has_a_bound_of_its_own_that_no_waiting_moves()
    {
        SendOutcome refused = Refuse("a", [1, 2, 3], perBody: 2)!;
        Assert.Equal((SendStatus.TooManyDates, (TimeSpan?)null), (refused.Status, refused.RetryAfter));
    }

    [Fact]
    public void What_is_kept_of_senders_is_bounded_and_those_beyond_share()
    {
        for (int sender = 0; sender < DateBounds.SendersMax; sender++)
        {
            Assert.Null(Refuse($"s{sender}", [1], perSender: 2));
        }

        Assert.Null(Refuse("late", [1, 2], perSender: 2));
        Assert.NotNull(Refuse("later", [3], perSender: 2));
        Assert.Null(Refuse("s0", [2], perSender: 2));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(Refuse("later", [3], perSender: 2));
    }

    [Fact]
    public void Who_is_not_named_or_not_bounded_has_the_bound_of_a_body_alone()
    {
        Assert.Null(Refuse(null, [1, 2], perSender: 1));
        Assert.Null(Refuse("a", [1, 2], perSender: null));
        Assert.NotNull(Refuse(null, [1, 2], perBody: 1));
    }

    private SendOutcome? Refuse(string? sender, IReadOnlyCollection<int> dates, int perBody = 400, int? perSender = 1000) => _bounds.Refuse(sender, dates, perBody, perSender);
}
