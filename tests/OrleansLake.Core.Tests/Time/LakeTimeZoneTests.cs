using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Core.Time;
using static OrleansLake.Core.Tests.Time.Zones;

namespace OrleansLake.Core.Tests.Time;

public class LakeTimeZoneTests
{
    private static readonly string[] Names =
    [
        "America/New_York", "America/Sao_Paulo", "Europe/Amsterdam", "Europe/Lisbon", "Asia/Kolkata", "Asia/Tehran",
        "Australia/Lord_Howe", "Pacific/Apia", "Europe/Dublin", "Africa/Casablanca", "UTC",
    ];

    private static readonly LakeTimeZone[] Ours = [.. Names.Select(Load)];
    private static readonly TimeZoneInfo[] Theirs = [.. Names.Select(TimeZoneInfo.FindSystemTimeZoneById)];

    [Property(MaxTest = 2000)]
    public void Local_days_are_those_of_the_platform(DoNotSize<uint> instant)
    {
        long seconds = FromUint(instant.Item);
        for (int zone = 0; zone < Names.Length; zone++)
        {
            DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), Theirs[zone]);
            int day = DateOnly.FromDateTime(local.DateTime).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
            Assert.Equal(day, Ours[zone].LocalDay((seconds * 1_000_000) + 999_999));
            Assert.Equal((int)local.Offset.TotalSeconds, Ours[zone].OffsetSeconds(seconds * 1_000_000));
        }
    }

    [Property(MaxTest = 2000)]
    public void Local_times_become_the_instants_that_the_platform_finds(DoNotSize<uint> instant)
    {
        long seconds = FromUint(instant.Item);
        for (int zone = 0; zone < Names.Length; zone++)
        {
            AssertInstant(Ours[zone], Theirs[zone], seconds);
        }
    }

    [Fact]
    public void Around_every_change_of_the_clocks_local_times_become_the_instants_that_the_platform_finds()
    {
        for (int zone = 0; zone < Names.Length; zone++)
        {
            long last = FromUint(0);
            for (long at = last; at < FromUint(uint.MaxValue); at += 86_400)
            {
                if (Ours[zone].OffsetSeconds(at * 1_000_000) != Ours[zone].OffsetSeconds(last * 1_000_000))
                {
                    for (long near = last - 7200; near < at + 7200; near += 900)
                    {
                        AssertInstant(Ours[zone], Theirs[zone], near);
                    }
                }

                last = at;
            }
        }
    }

    [Property]
    public void Days_of_many_instants_are_the_days_of_each(DoNotSize<long>[] instants, DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        long[] micros = [.. instants.Select(i => i.Item), .. Enumerable.Range(0, 100).Select(_ => random.NextInt64(-4_000_000_000_000_000, 4_000_000_000_000_000))];
        int[] days = new int[micros.Length];
        foreach (LakeTimeZone zone in Ours)
        {
            zone.LocalDays(micros, days);
            Assert.Equal(micros.Select(zone.LocalDay), days);
        }
    }

    [Fact]
    public void In_an_overlap_the_earlier_instant_is_taken_and_in_a_gap_the_clock_moves_forward()
    {
        LakeTimeZone newYork = Load("America/New_York");
        Assert.Equal(Micros("2024-11-03 05:30:00"), newYork.ToInstant(Micros("2024-11-03 01:30:00")));
        Assert.Equal(Micros("2024-11-03 07:00:00"), newYork.ToInstant(Micros("2024-11-03 02:00:00")));
        Assert.Equal(Micros("2024-03-10 07:30:00"), newYork.ToInstant(Micros("2024-03-10 02:30:00")));
        Assert.Equal(Micros("2024-03-10 07:00:00"), newYork.ToInstant(Micros("2024-03-10 03:00:00")));

        // Half an hour: 02:00 at +10:30 becomes 02:30 at +11:00 in October, and goes back in April.
        LakeTimeZone lordHowe = Load("Australia/Lord_Howe");
        Assert.Equal(Micros("2024-10-05 15:45:00"), lordHowe.ToInstant(Micros("2024-10-06 02:15:00")));
        Assert.Equal(Micros("2024-04-06 14:45:00"), lordHowe.ToInstant(Micros("2024-04-07 01:45:00")));
        Assert.Equal(Micros("2024-04-06 15:30:00"), lordHowe.ToInstant(Micros("2024-04-07 02:00:00")));

        // Samoa had no 2011-12-30: it moves on by the day that was left out.
        Assert.Equal(Micros("2011-12-30 22:00:00"), Load("Pacific/Apia").ToInstant(Micros("2011-12-30 12:00:00")));
    }

    [Fact]
    public void Dates_change_at_local_midnight()
    {
        LakeTimeZone newYork = Load("America/New_York");
        Assert.Equal(Day("2024-11-02"), newYork.LocalDay(Micros("2024-11-03 04:00:00") - 1));
        Assert.Equal(Day("2024-11-03"), newYork.LocalDay(Micros("2024-11-03 04:00:00")));
        Assert.Equal(Day("2024-11-03"), newYork.LocalDay(Micros("2024-11-04 05:00:00") - 1));
        Assert.Equal(Day("2024-11-04"), newYork.LocalDay(Micros("2024-11-04 05:00:00")));
        Assert.Equal(-1, LakeTimeZone.Utc.LocalDay(-1));
        Assert.Equal(0, LakeTimeZone.Utc.LocalDay(0));
        Assert.Equal(-106_751_992, LakeTimeZone.Utc.LocalDay(long.MinValue));
        Assert.Equal(106_751_991, LakeTimeZone.Utc.LocalDay(long.MaxValue));
    }

    [Fact]
    public void Local_mean_time_is_kept_to_the_second()
    {
        // Amsterdam: +0:19:32 until 1937, then +0:20.
        LakeTimeZone amsterdam = LakeTimeZone.FromTzif(
            "Europe/Amsterdam",
            TzifBytes.Version2("CET-1CEST,M3.5.0,M10.5.0/3", [1172, 1200, 3600], (-1_025_740_772, 1), (-935_020_800, 2)));
        Assert.Equal(1172, amsterdam.OffsetSeconds(Micros("1900-01-01")));
        Assert.Equal(Micros("1900-01-01 00:00:00") - 1_172_000_000, amsterdam.ToInstant(Micros("1900-01-01 00:00:00")));
        Assert.Equal(Day("1900-01-01"), amsterdam.LocalDay(Micros("1899-12-31 23:40:28")));
        Assert.Equal(Day("1899-12-31"), amsterdam.LocalDay(Micros("1899-12-31 23:40:28") - 1));
        Assert.Equal(-17762, Load("America/New_York").OffsetSeconds(Micros("1880-01-01")));
    }

    [Theory]
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "2500-03-28 01:00:00", 3600, 7200)]          // the last Sunday of March
    [InlineData("CET-1CEST,M3.5.0,M10.5.0/3", "9999-10-31 01:00:00", 7200, 3600)]
    [InlineData("EST5EDT,M3.2.0,M11.1.0", "2024-03-10 07:00:00", -18000, -14400)]
    [InlineData("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2024-03-31 01:00:00", -10800, -7200)] // Nuuk: hours before midnight
    [InlineData("IST-2IDT,M3.4.4/26,M10.5.0", "2024-03-29 00:00:00", 7200, 10800)]         // Jerusalem: hours past 24
    [InlineData("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-10-05 16:00:00", 36000, 39600)]      // the south: summer spans new year
    [InlineData("AAA0BBB,J60/0,J300/0", "2024-03-01 00:00:00", 0, 3600)]                   // J60 is 1 March in leap years too
    [InlineData("AAA0BBB,60/0,300/0", "2024-03-01 00:00:00", 0, 3600)]                     // 60 counts 29 February
    [InlineData("IST-1GMT0,M10.5.0,M3.5.0/1", "2024-10-27 01:00:00", 3600, 0)]             // Dublin: "daylight" is winter
    public void The_footers_rule_holds_after_the_last_transition(string footer, string change, int before, int after)
    {
        LakeTimeZone zone = LakeTimeZone.FromTzif("Test", TzifBytes.Version2(footer, [0]));
        Assert.Equal(before, zone.OffsetSeconds(Micros(change) - 1));
        Assert.Equal(after, zone.OffsetSeconds(Micros(change)));
    }

    [Theory]
    [InlineData("UTC", 0)]
    [InlineData("Z", 0)]
    [InlineData("+02:00", 7200)]
    [InlineData("-0530", -19800)]
    [InlineData("+02", 7200)]
    [InlineData("-18:00", -64800)]
    public void Fixed_offsets_are_zones(string id, int seconds) =>
        Assert.Equal(seconds, LakeTimeZone.FromFixedOffset(id)!.OffsetSeconds(0));

    [Theory]
    [InlineData("")]
    [InlineData("+2")]
    [InlineData("02:00")]
    [InlineData("+02:60")]
    [InlineData("+18:01")]
    [InlineData("+24:00")]
    [InlineData("+-2:00")]
    [InlineData("+ 2:00")]
    [InlineData("Europe/Rome")]
    public void Other_texts_are_no_fixed_offsets(string id) => Assert.Null(LakeTimeZone.FromFixedOffset(id));

    [Property(MaxTest = 1000)]
    public void A_damaged_file_is_a_zone_or_a_typed_refusal(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        byte[] file = TzifBytes.Version2("EST5EDT,M3.2.0,M11.1.0", [-18000, -14400], (0, 1), (1000, 0));
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            file[random.Next(file.Length)] = (byte)random.Next(256);
        }

        file = file[..random.Next(random.Next(2) == 0 ? 0 : file.Length, file.Length + 1)];
        try
        {
            LakeTimeZone.FromTzif("Test", file).LocalDay(0);
        }
        catch (InvalidTimeZoneException exception)
        {
            Assert.Contains("Test", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_with_leap_seconds_is_refused()
    {
        byte[] file = TzifBytes.Version2("UTC0", [0]);
        int second = 44 + 7;
        file[second + 31] = 1;
        Assert.Throws<InvalidTimeZoneException>(() => LakeTimeZone.FromTzif("right/UTC", [.. file, .. new byte[12]]));
    }

    [Fact]
    public void The_platforms_rules_make_the_same_zone()
    {
        LakeTimeZone fromFile = Load("America/New_York");
        LakeTimeZone fromPlatform = LakeTimeZone.FromTimeZoneInfo(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        var random = new System.Random(1);
        for (int i = 0; i < 5000; i++)
        {
            long micros = random.NextInt64(Micros("1950-01-01"), Micros("9999-12-31"));
            Assert.Equal(fromFile.LocalDay(micros), fromPlatform.LocalDay(micros));
            Assert.Equal(fromFile.OffsetSeconds(micros), fromPlatform.OffsetSeconds(micros));
        }
    }

    [Fact]
    public void The_range_is_four_digit_years()
    {
        Assert.True(LakeTimeZone.IsInRange(Day("0001-01-01")));
        Assert.False(LakeTimeZone.IsInRange(Day("0001-01-01") - 1));
        Assert.True(LakeTimeZone.IsInRange(Day("9999-12-31")));
        Assert.False(LakeTimeZone.IsInRange(Day("9999-12-31") + 1));
    }

    // From 1950 to 2050.
    private static long FromUint(uint value) => -631_152_000 + (long)(value * (3_155_760_000.0 / uint.MaxValue));

    /// <summary>Asks the platform in the direction that has one answer: from an instant to the local clock.</summary>
    private static void AssertInstant(LakeTimeZone ours, TimeZoneInfo theirs, long localSeconds)
    {
        long Offset(long instant) => (long)theirs.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(instant)).TotalSeconds;
        long before = Offset(localSeconds - (50 * 3600));
        long after = Offset(localSeconds + (50 * 3600));
        long[] candidates = [localSeconds - Math.Max(before, after), localSeconds - Math.Min(before, after)];
        long expected = candidates.Where(c => c + Offset(c) == localSeconds).DefaultIfEmpty(localSeconds - before).Min();
        Assert.Equal(expected * 1_000_000, ours.ToInstant(localSeconds * 1_000_000));
    }
}
