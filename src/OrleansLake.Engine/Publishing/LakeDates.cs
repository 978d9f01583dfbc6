using System.Globalization;
using OrleansLake.Core.State;

namespace OrleansLake.Engine;

/// <summary>Dates as people and folders have them.</summary>
public static class LakeDates
{
    private static readonly int DayNumberOf1970 = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Returns a day as <c>yyyy-MM-dd</c>; null for messages without a date.</summary>
    /// <param name="day">Days since 1970-01-01, or <see cref="LakeState.NoDay"/>.</param>
    public static string? Text(int day) =>
        day == LakeState.NoDay ? null : DateOnly.FromDayNumber(day + DayNumberOf1970).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
