using System.Text;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Time;

public class TimestampFormatTests
{
    private const string Ten = "2024-12-16T10:01:00.000000Z";
    private const string TenAndMillis = "2024-12-16T10:01:00.123000Z";

    [Theory]
    [InlineData("epoch-s", "1734343260", Ten)]
    [InlineData("epoch-s", "1734343260.123", TenAndMillis)]
    [InlineData("epoch-s", "1.734343260123E9", TenAndMillis)]
    [InlineData("epoch-s", "-1", "1969-12-31T23:59:59.000000Z")]
    [InlineData("epoch-s", "-0.0000001", "1969-12-31T23:59:59.999999Z")]
    [InlineData("epoch-s", "0", "1970-01-01T00:00:00.000000Z")]
    [InlineData("epoch-ms", "1734343260123", TenAndMillis)]
    [InlineData("epoch-us", "1734343260123000", TenAndMillis)]
    [InlineData("epoch-ns", "1734343260123000999", TenAndMillis)]
    [InlineData("yyyy-MM-dd HH:mm:ss,SSS", "2024-12-16 10:01:00,123", TenAndMillis)]
    [InlineData("yyyy-MM-dd HH:mm:ss,fff", "2024-12-16 10:01:00,1230001", TenAndMillis)]
    [InlineData("yyyy-MM-dd HH:mm:ss X", "2024-12-16 11:01:00 +01:00", Ten)]
    [InlineData("yyyy-MM-dd HH:mm:ss zzz", "2024-12-16 10:01:00 UTC", Ten)]
    [InlineData("yyyy-MM-dd HH:mm:ss 'UTC'", "2024-12-16 10:01:00 UTC", Ten)]
    [InlineData("yyyy-MM-dd'T'HH:mmXXX", "2024-12-16T10:01Z", Ten)]
    [InlineData("yyyy-MM-ddTHH:mm", "2024-12-16T10:01", Ten)]
    [InlineData("yyyyMMdd'T'HHmmssX", "20241216T100100Z", Ten)]
    [InlineData("yyyyMMddHHmmssSSS", "20241216100100123", TenAndMillis)]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss[.SSS][X]", "2024-12-16T10:01:00", Ten)]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss[.SSS][X]", "2024-12-16T10:01:00.123-00:00", TenAndMillis)]
    [InlineData("dd.MM.yy H:mm", "16.12.24 10:01", Ten)]
    [InlineData("M/d/yyyy h:mm:ss a", "12/16/2024 10:01:00 AM", Ten)]
    [InlineData("M/d/yyyy h:mm:ss tt", "12/16/2024 12:01:00 am", "2024-12-16T00:01:00.000000Z")]
    [InlineData("M/d/yyyy h:mm:ss tt", "12/16/2024 12:01:00 pm", "2024-12-16T12:01:00.000000Z")]
    [InlineData("EEE, d MMM yyyy HH:mm:ss X", "Mon, 16 Dec 2024 10:01:00 GMT", Ten)]
    [InlineData("dd/MMM/yyyy:HH:mm:ss X", "16/Dec/2024:11:01:00 +0100", Ten)]
    [InlineData("d MMMM yyyy", "16 december 2024", "2024-12-16T00:00:00.000000Z")]
    [InlineData("yyyy-MM-dd' o''clock' HH", "2024-12-16 o'clock 10", "2024-12-16T10:00:00.000000Z")]
    [InlineData("yyyy-MM-dd HH:mm:ss X", "2016-12-31 23:59:60 Z", "2016-12-31T23:59:59.999999Z")]
    public void A_timestamp_is_read_as_the_format_says(string format, string text, string expected)
    {
        Assert.True(Of(format).TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out long micros, out TimestampError error), error.ToString());
        Assert.Equal(expected, Utc(micros));
    }

    [Theory]
    [InlineData("epoch-s", "2024-12-16T10:01:00Z", TimestampError.Unreadable)]
    [InlineData("epoch-s", "", TimestampError.Unreadable)]
    [InlineData("epoch-s", "NaN", TimestampError.Unreadable)]
    [InlineData("epoch-s", "1734343260123", TimestampError.OutOfRange)]
    [InlineData("epoch-s", "99999999999999999999999999999999999999", TimestampError.OutOfRange)]
    [InlineData("epoch-ms", "-99999999999999999", TimestampError.OutOfRange)]
    [InlineData("yyyy-dd-MM HH:mm:ss", "2024-12-16 10:01:00", TimestampError.Unreadable)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2024-12-16 10:01:00Z", TimestampError.Unreadable)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2024-12-16 24:01:00", TimestampError.Unreadable)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2023-02-29 10:01:00", TimestampError.Unreadable)]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2024-12-16 10:01:60", TimestampError.LeapSecondElsewhere)]
    [InlineData("yyyy-MM-dd hh:mm a", "2024-12-16 13:01 pm", TimestampError.Unreadable)]
    [InlineData("yyyy-MM-dd", "0000-12-16", TimestampError.OutOfRange)]
    public void What_is_not_written_so_is_refused(string format, string text, TimestampError expected)
    {
        Assert.False(Of(format).TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out long micros, out TimestampError error));
        Assert.Equal((0, expected), (micros, error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("iso")]
    [InlineData("epoch")]
    [InlineData("%Y-%m-%d")]
    [InlineData("HH:mm:ss")]
    [InlineData("yyyy-MM-dd 'T")]
    [InlineData("yyyy-MM-dd [HH")]
    [InlineData("yyyy-MM-dd ]HH[")]
    [InlineData("yyyy-MM-dd hh:mm")]
    [InlineData("yyyy-MM-dd HH:mm a")]
    [InlineData("yyy-MM-dd")]
    public void A_format_that_is_none_is_refused_with_what_would_be_right(string text)
    {
        Assert.False(TimestampFormat.TryCreate(text, out TimestampFormat? format, out string? error));
        Assert.Null(format);
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("yyyy-mm-dd HH:MM:SS", "mm is minutes, MM is months")]
    [InlineData("yyyy-mm-dd", "mm is minutes, MM is months")]
    [InlineData("yyyy-mm-dd HH:mm:ss", "mm is minutes, MM is months")]
    [InlineData("yyyy-MM-dd HH:MM:ss", "mm is minutes, MM is months")]
    [InlineData("yyyy-MM-dd HH:MM", "mm is minutes, MM is months")]
    [InlineData("dd/mm/yyyy HH:MM", "mm is minutes, MM is months")]
    [InlineData("mm/dd/yyyy", "mm is minutes, MM is months")]
    [InlineData("HH:MM dd/mm/yyyy", "mm is minutes, MM is months")]
    [InlineData("yyyy-dd HH:MM", "mm is minutes, MM is months")]
    [InlineData("yyyyddHHMM", "mm is minutes, MM is months")]
    [InlineData("yyyymmddHHMMss", "mm is minutes, MM is months")]
    [InlineData("yyyy-MM-dd[ mm:HH]", "mm is minutes, MM is months")]
    [InlineData("yyyy-MM-dd mm:ss", "mm is minutes, MM is months")]
    [InlineData("yyyy-MM-dd HH:ss", "ss is seconds")]
    [InlineData("yyyy-MM-dd HH:mm:SS", "ss is seconds, S (or f) a fraction")]
    [InlineData("yyyy-MM-dd HH:mm:SS.sss", "ss is seconds")]
    [InlineData("yyyy-MM-dd SSS", "ss is seconds, S (or f) a fraction")]
    [InlineData("yyyy-MM-dd HH:mm:ss:ss", "seconds")]
    [InlineData("yyyy-MM-dd HH:mm:mm", "mm is minutes")]
    [InlineData("yyyy-MM-dd HH:mm yyyy", "the year occurs twice")]
    [InlineData("yyyy-yy-MM-dd", "the year occurs twice")]
    [InlineData("yyyy-MM-dd MMM", "the month occurs twice")]
    [InlineData("dd-MM-dd yyyy", "the day occurs twice")]
    [InlineData("yyyy-MM-dd HH hh a", "the hour occurs twice")]
    [InlineData("yyyy-MM-dd hh:mm a a", "am or pm occurs twice")]
    [InlineData("yyyy-MM-dd HH:mm:ss.SSS SSS", "the fraction")]
    [InlineData("yyyy-MM-dd[ HH:mm][ yyyy", "square brackets")]
    [InlineData("yyyy-MM-dd hh:mm:ss", "HH is an hour from 0 to 23")]
    [InlineData("YYYY-MM-DD HH:mm", "yyyy is the year")]
    [InlineData("yyyy-MM-DD", "dd is the day")]
    [InlineData("yyyy-MM", "a day (dd)")]
    [InlineData("MM-dd HH:mm", "a year (yyyy)")]
    [InlineData("%Y-%m-%d %H:%M:%S", "without %")]
    [InlineData("dd.MM.yyyy kk:mm", "HH is the hour")]
    public void A_pattern_that_nobody_can_mean_is_refused_with_what_its_letters_mean(string pattern, string says)
    {
        Assert.False(TimestampFormat.TryCreate(pattern, out _, out string? error));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[yyyy-MM-dd HH:mm:ss][dd/MM/yyyy HH:mm]", "16/12/2024 10:01")]
    [InlineData("yyyy-MM-dd HH[:mm:ss][:mm]", "2024-12-16 10:01")]
    [InlineData("yyyy-MM-dd'T'HH:mm[:ss[.SSSSSS]][XXX][X]", "2024-12-16T10:01Z")]
    [InlineData("yyyy-MM-dd HH:mm[:ss][.SSSSSS][.SSS]", "2024-12-16 10:01:00.0")]
    [InlineData("yyyy-MM-dd HH:mm:ss.SSS[SSS]", "2024-12-16 10:01:00.000000")]
    [InlineData("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", "2024-12-16T10:01:00.000000Z")]
    [InlineData("HH:mm:ss dd/MM/yyyy", "10:01:00 16/12/2024")]
    [InlineData("HH:mm, d MMMM yyyy", "10:01, 16 December 2024")]
    [InlineData("EEE MMM dd HH:mm:ss zzz yyyy", "Mon Dec 16 10:01:00 UTC 2024")]
    [InlineData("EEEE, MMMM d, yyyy h:mm:ss a", "Monday, December 16, 2024 10:01:00 AM")]
    [InlineData("a hh:mm dd.MM.yyyy", "AM 10:01 16.12.2024")]
    [InlineData("hh a mm dd.MM.yyyy", "10 AM 01 16.12.2024")]
    [InlineData("ddHHmmX MMM yy", "161001Z Dec 24")]
    [InlineData("ddHHmmMMMyy", "161001DEC24")]
    [InlineData("yyyy-MM-dd HH'h'mm'm'ss's'", "2024-12-16 10h01m00s")]
    [InlineData("yyyy-MM-dd HH:mm:ss Z (z)", "2024-12-16 10:01:00 +0000 (UTC)")]
    [InlineData("ddMMyyyyHHmmss", "16122024100100")]
    [InlineData("MM/dd/yyyy hh:mm:ss.SSS a", "12/16/2024 10:01:00.000 AM")]
    public void Patterns_that_can_be_meant_are_taken(string pattern, string text)
    {
        Assert.True(Of(pattern).TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out long micros, out _), text);
        Assert.Equal(Ten, Utc(micros));
    }

    [Theory]
    [InlineData("EEE, dd MMM yyyy", "Sat, 31 Dec 2016", true)]
    [InlineData("EEE, dd MMM yyyy", "Mon, 31 Dec 2016", false)]
    [InlineData("EEEE, d MMMM yyyy", "friday, 31 December 2016", false)]
    [InlineData("EEE, d MMM yyyy", "THURS, 16 Dec 2024", false)]
    [InlineData("EEE d MMM yyyy HH:mm X", "Mon 16 Dec 2024 23:30 -05:00", true)]
    [InlineData("[EEE, ]d MMM yyyy", "31 Dec 2016", true)]
    [InlineData("EEE, d MMM yyyy", "Sat, 1 Jan 0000", false)]
    [InlineData("EEE, d MMM yyyy", "Mon, 1 Jan 0001", true)]
    [InlineData("EEE, d MMM yyyy", "Fri, 31 Dec 9999", true)]
    [InlineData("EEE, dd MMM yyyy", "Seg, 31 Dec 2016", true)]
    public void The_day_of_the_week_that_is_named_is_the_dates(string pattern, string text, bool isRead) =>
        Assert.Equal(isRead, Of(pattern).TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out _, out _));

    [Fact]
    public void Offsets_that_differ_are_not_read() =>
        Assert.False(Of("yyyy-MM-dd HH:mm:ss Z (z)").TryParse("2024-12-16 10:01:00 +0100 (UTC)"u8, LakeTimeZone.Utc, out _, out _));

    [Fact]
    public void Whole_numbers_are_counts_of_an_epoch_and_of_nothing_else()
    {
        Assert.True(TimestampFormat.EpochMillis.TryFromCount(1_734_343_260_123, LakeTimeZone.Utc, out long micros, out _));
        Assert.Equal(TenAndMillis, Utc(micros));
        Assert.False(TimestampFormat.EpochSeconds.TryFromCount(long.MaxValue, LakeTimeZone.Utc, out _, out TimestampError error));
        Assert.Equal(TimestampError.OutOfRange, error);
        Assert.False(Of("yyyyMMdd").TryFromCount(20241216, LakeTimeZone.Utc, out _, out _));
    }

    [Fact]
    public void Without_an_offset_the_clock_is_the_lakes()
    {
        LakeTimeZone zone = LakeTimeZone.FromFixedOffset("+02:00")!;
        Assert.True(Of("dd/MM/yyyy HH:mm").TryParse("16/12/2024 12:01"u8, zone, out long micros, out _));
        Assert.Equal(Ten, Utc(micros));
    }

    [Theory]
    [InlineData("1734343260", "epoch-s")]
    [InlineData("1734343260.5", "epoch-s")]
    [InlineData("1734343260123", "epoch-ms")]
    [InlineData("1734343260123000", "epoch-us")]
    [InlineData("1734343260123000000", "epoch-ns")]
    [InlineData("2024-12-16 10:01:00,123", "yyyy-MM-dd HH:mm:ss,SSS")]
    [InlineData("2024-12-16T10:01:00,123Z", "yyyy-MM-dd'T'HH:mm:ss,SSSX")]
    [InlineData("2024-12-16 10:01:00 UTC", "yyyy-MM-dd HH:mm:ss X")]
    [InlineData("2024-12-16 10:01:00.5 +01:00", "yyyy-MM-dd HH:mm:ss.SSS X")]
    [InlineData("2024-12-16T10:01Z", "yyyy-MM-dd'T'HH:mmX")]
    [InlineData("2024-12-16 10:01", "yyyy-MM-dd HH:mm")]
    [InlineData("2024-12-16", "yyyy-MM-dd")]
    [InlineData("20241216T100100Z", "yyyyMMdd'T'HHmmss[.SSS][X]")]
    [InlineData("20241216100100", "yyyyMMddHHmmss[SSS]")]
    [InlineData("16/12/2024 10:01", "d/M/yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("12/31/2024", "M/d/yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("31.12.2024", "d.M.yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("01.02.2024", "d.M.yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("12.31.2024", "M.d.yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("16-12-2024 10:01", "d-M-yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("12-16-2024 10:01:00.5", "M-d-yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("12/16/24 10:01", "M/d/yy[ H:mm[:ss][.SSS]]")]
    [InlineData("16.12.24", "d.M.yy[ H:mm[:ss][.SSS]]")]
    [InlineData("16/12/2024 10:01 PM", "d/M/yyyy h:mm[:ss][ ]a")]
    [InlineData("12/16/2024, 10:01:00 AM", "M/d/yyyy, h:mm[:ss][ ]a")]
    [InlineData("16/12/2024 10:01:00 +01:00", "d/M/yyyy H:mm[:ss][.SSS][ ]X")]
    [InlineData("16-Dec-2024 10:01:00", "d-MMM-yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("16-DEC-24 10.01.00.000000 AM", "d-MMM-yy h.mm.ss[.SSS][ ]a")]
    [InlineData("16-Dec-24", "d-MMM-yy[ H:mm[:ss][.SSS]]")]
    [InlineData("16 Dec 2024 10:01", "d MMM yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("16 December 2024", "d MMMM yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("Dec 16, 2024", "MMM d, yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("December 6, 2024 1:01 PM", "MMMM d, yyyy h:mm[:ss][ ]a")]
    [InlineData("Dec 16, 2024, 10:01:00 AM", "MMM d, yyyy, h:mm[:ss][ ]a")]
    [InlineData("Monday, December 16, 2024", "EEE, MMMM d, yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("Mon, 16 Dec 2024 10:01", "EEE, d MMM yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("Mon Dec 16 10:01:00 2024", "EEE MMM d HH:mm:ss yyyy")]
    [InlineData("Mon Dec 16 10:01:00 UTC 2024", "EEE MMM d HH:mm:ss X yyyy")]
    [InlineData("2024/12/16 10:01", "yyyy/M/d[ H:mm[:ss][.SSS]]")]
    [InlineData("2024-1-5 9:05", "yyyy-M-d[ H:mm[:ss][.SSS]]")]
    [InlineData("2024.12.16", "yyyy.M.d[ H:mm[:ss][.SSS]]")]
    public void What_a_timestamp_looks_like_is_named_with_the_option_that_takes_it(string text, string format)
    {
        Assert.Contains($"--timestamp-format {(format.StartsWith("epoch", StringComparison.Ordinal) ? format : $"\"{format}\"")} takes it", TimestampLook.Describe(Encoding.UTF8.GetBytes(text), null, LakeTimeZone.Utc), StringComparison.Ordinal);
        Assert.True(Of(format).TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out _, out _));
    }

    [Theory]
    [InlineData("05/06/2024 10:01", "month/day/year or day/month/year", "M/d/yyyy[ H:mm[:ss][.SSS]]", "d/M/yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("05-06-2024", "month-day-year or day-month-year", "M-d-yyyy[ H:mm[:ss][.SSS]]", "d-M-yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("24-12-16", "day-month-year or year-month-day", "d-M-yy[ H:mm[:ss][.SSS]]", "yy-M-d[ H:mm[:ss][.SSS]]")]
    public void A_date_that_may_be_either_is_told_with_both(string text, string look, string one, string other)
    {
        string told = TimestampLook.Describe(Encoding.UTF8.GetBytes(text), null, LakeTimeZone.Utc);
        Assert.StartsWith($"; it looks like {look}: lake ingest FILE --timestamp-format \"{one}\" or --timestamp-format \"{other}\" takes it (the file's author knows which)", told, StringComparison.Ordinal);
        Assert.All([one, other], pattern => Assert.True(Of(pattern).TryParse(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out _, out _)));
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", null)]
    [InlineData("9999-12-31T23:59:60Z", null)]
    [InlineData("9999-12-31T23:59:59Z", "yyyy-MM-dd'T'HH:mm:ssX")]
    [InlineData("9999-12-31 23:59:59 Z", null)]
    public void What_is_out_of_the_years_of_the_zone_is_taken_by_no_option(string text, string? pattern)
    {
        TimestampFormat? format = pattern is null ? null : TimestampFormat.TryCreate(pattern, out TimestampFormat? made, out _) ? made : null;
        Assert.Equal("", TimestampLook.Describe(Encoding.UTF8.GetBytes(text), format, LakeTimeZone.FromFixedOffset("+05:30")!));
    }

    [Fact]
    public void A_plus_before_the_year_is_named() => Assert.Equal(
        "; it is RFC 3339 without the + before the year: leave that out", TimestampLook.Describe("+2024-12-16T10:00:00Z"u8, null, LakeTimeZone.Utc));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("")]
    [InlineData("2024-13-16T10:01:00Z")]
    [InlineData("7")]
    [InlineData("1/2")]
    [InlineData("32-13-2024")]
    [InlineData("Dec 32, 2024")]
    [InlineData("12/")]
    public void What_looks_like_nothing_is_not_named(string text) => Assert.Empty(TimestampLook.Describe(Encoding.UTF8.GetBytes(text), null, LakeTimeZone.Utc));

    private static TimestampFormat Of(string text) =>
        TimestampFormat.TryCreate(text, out TimestampFormat? format, out string? error) ? format : throw new ArgumentException(error);

    private static string Utc(long micros)
    {
        byte[] text = new byte[TimestampText.FormatBytesMax];
        return Encoding.UTF8.GetString(text, 0, TimestampText.FormatUtc(micros, text));
    }

    [Theory]
    [InlineData("EPOCH-MS", "epoch-ms")]
    [InlineData("Epoch-s", "epoch-s")]
    public void The_case_of_a_counts_name_does_not_matter(string text, string format) => Assert.Same(Of(format), Of(text));

    [Theory]
    [InlineData("epoch")]
    [InlineData("epoch-millis")]
    [InlineData("unix")]
    public void A_count_that_is_not_known_names_those_that_are(string text)
    {
        Assert.False(TimestampFormat.TryCreate(text, out _, out string? error));
        Assert.Contains("epoch-ms (milliseconds)", error, StringComparison.Ordinal);
    }
}
