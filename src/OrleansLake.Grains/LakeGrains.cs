using System.Globalization;

namespace OrleansLake.Grains;

/// <summary>Grains by what they stand for.</summary>
public static class LakeGrains
{
    // A call that is quick wherever it is answered: while silos come and go one may be lost, and is repeated after this.
    // Orleans' own 30 s would be a pause of all that waits for it.
    internal const string AnswerWithin = "00:00:10";

    /// <summary>The directory that says which silo has which partition.</summary>
    internal const string PartitionDirectory = "lake-partitions";

    private const string NoDate = "null";

    /// <summary>Returns the row of report 1 of a date and a channel, either of which may be null.</summary>
    public static IChannelDayGrain GetChannelDay(this IGrainFactory grains, DateOnly? date, string? channel)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IChannelDayGrain>(KeyOf(date, channel));
    }

    internal static string KeyOf(DateOnly? date, string? channel) =>
        $"{date?.ToString("O", CultureInfo.InvariantCulture) ?? NoDate}/{(channel is null ? "" : "=" + channel)}";

    internal static ReportScope ScopeOf(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        string date = slash < 0 ? key : key[..slash];
        DateOnly day = default;
        if (slash < 0 || (date != NoDate && !DateOnly.TryParseExact(date, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            || (slash + 1 < key.Length && key[slash + 1] != '='))
        {
            throw new ArgumentException($"'{key}' names no date and channel: ask by {nameof(GetChannelDay)}.", nameof(key));
        }

        return new ReportScope
        {
            Report = Core.Reports.LakeReports.Report1.Name,
            IsOneRow = true,
            Number = date == NoDate ? null : day.DayNumber - new DateOnly(1970, 1, 1).DayNumber,
            Text = slash + 1 == key.Length ? null : key[(slash + 2)..],
        };
    }
}
