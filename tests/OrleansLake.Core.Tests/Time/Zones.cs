using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Time;

/// <summary>This machine's zone files.</summary>
internal static class Zones
{
    private const string Folder = "/usr/share/zoneinfo";

    public static LakeTimeZone Load(string id) =>
        File.Exists(Path.Combine(Folder, id))
            ? LakeTimeZone.FromTzif(id, File.ReadAllBytes(Path.Combine(Folder, id)))
            : LakeTimeZone.FromTimeZoneInfo(TimeZoneInfo.FindSystemTimeZoneById(id));

    /// <summary>Microseconds of a time on a UTC or local clock.</summary>
    public static long Micros(string time) =>
        (DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture) - DateTime.UnixEpoch).Ticks / 10;

    public static int Day(string date) => (int)(Micros(date) / 86_400_000_000);
}
