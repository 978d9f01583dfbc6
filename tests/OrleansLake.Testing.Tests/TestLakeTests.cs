using System.Text;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Testing.Tests;

/// <summary>Tests what a lake in memory is used for: unit tests that wait for nothing.</summary>
public sealed class TestLakeTests
{
    private static readonly DateTimeOffset Noon = new(2031, 5, 6, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Its_time_is_that_of_the_clock_which_may_stand_still()
    {
        await using TestLake lake = TestLake.Create(new StillClock());
        SendResult sent = await lake.SendAsync(new("""{"timestamp":"2024-12-16T10:10:01Z","event_type":"SENT","message_id":"1","channel":"CHAT","user_id":7}"""u8.ToArray()), new SendOptions { WaitForReports = true });
        Assert.Equal(1, (await lake.GetReportAsync(new ReportQuery { Report = "report1", MinPosition = sent.Position })).Table.GrandTotal);
        LakeStanding before = await lake.GetStatusAsync();
        await lake.PublishAsync();
        LakeStanding after = await lake.GetStatusAsync();
        Assert.Equal((Noon, 0L, 1L), (after.Time, before.Published, after.Published));
    }

    [Fact]
    public async Task Lakes_have_nothing_in_common()
    {
        await using TestLake one = TestLake.Create();
        await using TestLake other = TestLake.Create(configure: options => options.TimeZone = "Europe/Lisbon");
        await one.SendAsync(new("""{"timestamp":"2024-12-16T10:10:01Z","message_id":"1"}"""u8.ToArray()), new SendOptions { WaitForReports = true });
        Assert.Equal((1, 0), ((await one.GetStatusAsync()).Accepted, (await other.GetStatusAsync()).Accepted));
    }

    [Theory]
    [InlineData("text", "text", "\"alice\"", "\"DE\"")]
    [InlineData("int64", null, "5000000000", "2003")]
    public async Task Its_ids_are_what_it_is_configured_for(string user, string? country, string sentUser, string sentCountry)
    {
        await using TestLake lake = TestLake.Create(configure: options => (options.UserId, options.CountryId) = (user, country));
        await lake.SendAsync(new(Encoding.UTF8.GetBytes($$"""{"timestamp":"2024-12-16T10:10:01Z","event_type":"SENT","message_id":"1","channel":"CHAT","user_id":{{sentUser}},"country_id":{{sentCountry}}}""")), new SendOptions { Strict = true, WaitForReports = true });
        MessageCopy copy = Assert.Single((await lake.GetMessageAsync("1")).Copies);
        Assert.Equal((sentUser.Trim('"'), sentCountry.Trim('"')), (copy.UserId.ToString(), copy.CountryId.ToString()));
        Assert.Equal((user, country ?? "int32"), (IdTypes.Name(lake.Reports.Ids.User), IdTypes.Name((await ((ILakeClient)lake).GetIdTypesAsync()).Country)));
    }

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;

        public override long GetTimestamp() => 0;
    }
}
