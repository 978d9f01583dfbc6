using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Core.Time;
using static OrleansLake.Core.Tests.Time.Zones;

namespace OrleansLake.Core.Tests.Time;

public class TimestampTextTests
{
    [Theory]
    [InlineData("2024-11-01T12:53:13.834028Z", "2024-11-01 12:53:13.834028")]
    [InlineData("2024-11-01t12:53:13.834028z", "2024-11-01 12:53:13.834028")]
    [InlineData("2024-11-01 12:53:13.834028Z", "2024-11-01 12:53:13.834028")]
    [InlineData("2024-11-01T12:53:13Z", "2024-11-01 12:53:13")]
    [InlineData("2024-11-01T12:53:13.8Z", "2024-11-01 12:53:13.8")]
    [InlineData("2024-11-01T12:53:13.8340289Z", "2024-11-01 12:53:13.834028")]
    [InlineData("2024-11-01T12:53:13.834028999999999999999999Z", "2024-11-01 12:53:13.834028")]
    [InlineData("2024-11-01T12:53:13+02:00", "2024-11-01 10:53:13")]
    [InlineData("2024-11-01T12:53:13-0530", "2024-11-01 18:23:13")]
    [InlineData("2024-11-01T12:53:13.5+02", "2024-11-01 10:53:13.5")]
    [InlineData("2024-11-01T12:53:13-00:00", "2024-11-01 12:53:13")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29 00:00:00")]
    [InlineData("2000-02-29T00:00:00Z", "2000-02-29 00:00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01 00:00:00")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31 23:59:59.999999")]
    [InlineData("1969-12-31T23:59:59.999999Z", "1969-12-31 23:59:59.999999")]
    [InlineData("2024-12-16 12:01:05.123", "2024-12-16 12:01:05.123")]
    public void Reads_every_form(string text, string expected)
    {
        Assert.True(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out long micros, out TimestampError error));
        Assert.Equal(Micros(expected), micros);
        Assert.Equal(TimestampError.None, error);
    }

    [Theory]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2016-12-31t23:59:60.000000z")]
    [InlineData("2016-12-31 23:59:60.5")]
    [InlineData("2017-01-01T00:59:60+01:00")]
    [InlineData("2016-12-31T18:59:60-0500")]
    [InlineData("2017-01-01T05:29:60.123456+05:30")]
    public void A_leap_second_is_the_last_microsecond_before_midnight(string text)
    {
        Assert.True(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out long micros, out _));
        Assert.Equal(Micros("2016-12-31 23:59:59.999999"), micros);
    }

    [Theory]
    [InlineData("2024-11-01T12:53:60Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("2017-01-01T00:59:60Z")]
    [InlineData("2024-11-01T12:53:60.000000Z")]
    public void A_second_60_elsewhere_is_none(string text)
    {
        Assert.False(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out _, out TimestampError error));
        Assert.Equal(TimestampError.LeapSecondElsewhere, error);
    }

    [Theory]
    [InlineData("2016-12-31T23:59:61Z")]
    [InlineData("")]
    [InlineData("today")]
    [InlineData("+2024-12-16T10:00:00Z")]
    [InlineData("+002024-12-16T10:00:00Z")]
    [InlineData("02024-12-16T10:00:00Z")]
    [InlineData("2024-11-01")]
    [InlineData("2024-11-01T12:53Z")]
    [InlineData("2024-11-01T12:53:13.Z")]
    [InlineData("2024-11-01T12:53:13.")]
    [InlineData("2024-11-01T12:53:13,5Z")]
    [InlineData(" 2024-11-01T12:53:13Z")]
    [InlineData("2024-11-01T12:53:13Z ")]
    [InlineData("2024-11-01  12:53:13Z")]
    [InlineData("2024-11-01T12:53:13 Z")]
    [InlineData("2024-11-01T12:60:13Z")]
    [InlineData("2024-11-01T24:00:00Z")]
    [InlineData("2024-11-01T24:00:00.000000Z")]
    [InlineData("2024-11-31T12:53:13Z")]
    [InlineData("2023-02-29T12:53:13.000000Z")]
    [InlineData("1900-02-29T12:53:13.000000Z")]
    [InlineData("2024-00-01T12:53:13Z")]
    [InlineData("2024-13-01T12:53:13.000000Z")]
    [InlineData("2024-11-00T12:53:13Z")]
    [InlineData("2024-11-01T12:53:13+2:00")]
    [InlineData("2024-11-01T12:53:13+24:00")]
    [InlineData("2024-11-01T12:53:13+02:60")]
    [InlineData("2024-11-01T12:53:13+02:00Z")]
    [InlineData("2024-11-01T12:53:13 UTC")]
    [InlineData("2024-11-01T12:53:13.٣Z")]
    [InlineData("24-11-01T12:53:13Z")]
    [InlineData("1730465593")]
    [InlineData("2024/11/01T12:53:13Z")]
    [InlineData("2024-11-01T12:53:1:Z")]
    public void Refuses_what_is_no_timestamp(string text)
    {
        Assert.False(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out _, out TimestampError error));
        Assert.Equal(TimestampError.Unreadable, error);
    }

    [Theory]
    [InlineData("0000-01-01T00:00:00Z", "UTC")]
    [InlineData("0000-12-31T23:59:59.999999Z", "UTC")]
    [InlineData("0000-12-31T23:59:59.999999-01:00", "UTC")]
    [InlineData("10000-01-01T00:00:00Z", "UTC")]
    [InlineData("+10000-01-01T00:00:00Z", "UTC")]
    [InlineData("-0001-01-01T00:00:00Z", "UTC")]
    [InlineData("-2024-12-16T10:00:00Z", "UTC")]
    [InlineData("+012024-12-16T10:00:00Z", "UTC")]
    [InlineData("+0000-12-16T10:00:00Z", "UTC")]
    [InlineData("0001-01-01T00:00:00+00:01", "UTC")]
    [InlineData("9999-12-31T23:59:59-00:01", "UTC")]
    [InlineData("9999-12-31T23:59:59.999999Z", "+00:01")]
    [InlineData("0001-01-01T00:00:00.000000Z", "-00:01")]
    public void Refuses_local_dates_out_of_range(string text, string zone)
    {
        LakeTimeZone lake = LakeTimeZone.FromFixedOffset(zone)!;
        Assert.False(TimestampText.TryParse(Encoding.UTF8.GetBytes(text), lake, out _, out TimestampError error));
        Assert.Equal(TimestampError.OutOfRange, error);
    }

    [Fact]
    public void A_text_without_an_offset_is_in_the_lakes_time_zone()
    {
        LakeTimeZone newYork = Load("America/New_York");
        Assert.True(TimestampText.TryParse("2024-11-03 01:30:00.5"u8, newYork, out long micros, out _));
        Assert.Equal(Micros("2024-11-03 05:30:00.5"), micros);
        Assert.True(TimestampText.TryParse("2024-03-10T02:30:00"u8, newYork, out micros, out _));
        Assert.Equal(Micros("2024-03-10 07:30:00"), micros);
        Assert.True(TimestampText.TryParse("9999-12-31 23:59:59.999999"u8, newYork, out micros, out _));
        Assert.Equal(Micros("9999-12-31 23:59:59.999999") + (5 * 3_600_000_000L), micros);
    }

    [Property(MaxTest = 5000)]
    public void What_is_written_is_read_again_and_is_the_platforms_text(DoNotSize<ulong> random)
    {
        long first = Micros("0001-01-01");
        long micros = first + (long)(random.Item % (ulong)(Micros("9999-12-31 23:59:59.999999") - first + 1));
        byte[] text = new byte[TimestampText.FormatBytesMax];
        int length = TimestampText.FormatUtc(micros, text);
        string expected = DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        Assert.Equal(expected, Encoding.UTF8.GetString(text, 0, length));
        Assert.True(TimestampText.TryParse(text.AsSpan(0, length), LakeTimeZone.Utc, out long read, out _));
        Assert.Equal(micros, read);
        Assert.Equal(TimestampError.None, TimestampText.Parse(text.AsSpan(0, length), LakeTimeZone.Utc, out read));
        Assert.Equal(micros, read);
    }

    [Property(MaxTest = 20_000)]
    public void The_shortcut_reads_what_the_whole_grammar_reads(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        byte[] text = "2024-11-01T12:53:13.834028Z"u8.ToArray();
        const string Bytes = "0123456789-:T.Z /;\0";
        for (int i = random.Next(4); i > 0; i--)
        {
            text[random.Next(text.Length)] = random.Next(8) == 0 ? (byte)random.Next(256) : (byte)Bytes[random.Next(Bytes.Length)];
        }

        bool quick = TimestampText.TryParseUsual(ref text[0], out long micros);
        TimestampError error = TimestampText.Parse(text, LakeTimeZone.Utc, out long expected);
        Assert.True(!quick || error == TimestampError.None);
        Assert.True(!quick || micros == expected);
        Assert.Equal(error == TimestampError.None, TimestampText.TryParse(text, LakeTimeZone.Utc, out _, out _));
    }

    [Theory]
    [InlineData(0, "1970-01-01")]
    [InlineData(-719_162, "0001-01-01")]
    [InlineData(-719_163, "0000-12-31")]
    [InlineData(2_932_896, "9999-12-31")]
    [InlineData(2_932_897, "+10000-01-01")]
    [InlineData(-719_529, "-0001-12-31")]
    [InlineData(int.MaxValue, "+5881580-07-11")]
    [InlineData(int.MinValue, "-5877641-06-23")]
    public void Dates_are_written(int day, string expected)
    {
        byte[] text = new byte[DateText.FormatBytesMax];
        Assert.Equal(expected, Encoding.UTF8.GetString(text, 0, DateText.Format(day, text)));
    }

    [Fact]
    public void Every_date_is_read_again()
    {
        byte[] text = new byte[DateText.Length];
        DateOnly date = DateOnly.MinValue;
        for (int day = Day("0001-01-01"); day <= Day("9999-12-31"); day++)
        {
            if (DateText.Format(day, text) != DateText.Length || !DateText.TryParse(text, out int read) || read != day)
            {
                Assert.Fail($"day {day} is written as {Encoding.UTF8.GetString(text)}");
            }

            if (day % 97 == 0)
            {
                Assert.Equal(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Encoding.UTF8.GetString(text));
            }

            date = day < Day("9999-12-31") ? date.AddDays(1) : date;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000-01-01")]
    [InlineData("2023-02-29")]
    [InlineData("2024-2-01")]
    [InlineData("2024-02-1 ")]
    [InlineData("20240201")]
    [InlineData("2024-13-01")]
    public void Other_texts_are_no_dates(string text) => Assert.False(DateText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Instants_out_of_range_are_written_with_a_longer_year()
    {
        byte[] text = new byte[TimestampText.FormatBytesMax];
        Assert.Equal("+294247-01-10T04:00:54.775807Z", Encoding.UTF8.GetString(text, 0, TimestampText.FormatUtc(long.MaxValue, text)));
        Assert.Equal("-290308-12-21T19:59:05.224192Z", Encoding.UTF8.GetString(text, 0, TimestampText.FormatUtc(long.MinValue, text)));
    }
}
