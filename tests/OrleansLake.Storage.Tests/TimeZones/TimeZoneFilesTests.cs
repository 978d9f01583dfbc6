using OrleansLake.Core.Time;
using OrleansLake.Storage.TimeZones;

namespace OrleansLake.Storage.Tests.TimeZones;

public class TimeZoneFilesTests
{
    // 2024-11-03T05:30:00Z
    private const long Instant = 1_730_611_800_000_000;

    [Theory]
    [InlineData("UTC", 0)]
    [InlineData("Etc/UTC", 0)]
    [InlineData("+02:00", 7200)]
    [InlineData("America/New_York", -14400)]
    [InlineData("America/Argentina/Buenos_Aires", -10800)]
    [InlineData("Etc/GMT+5", -18000)]
    [InlineData("Australia/Lord_Howe", 39600)]
    public void Zones_are_loaded_by_name(string id, int seconds)
    {
        LakeTimeZone zone = TimeZoneFiles.Load(id);
        Assert.Equal(seconds, zone.OffsetSeconds(Instant));
        Assert.Equal(id, zone.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mars/Olympus_Mons")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("America/../UTC")]
    [InlineData("America//New_York")]
    [InlineData("America/New_York\0")]
    [InlineData("America")]
    [InlineData("+25:00")]
    [InlineData("\u001b[2J")]
    public void A_name_that_is_no_zones_is_refused(string id)
    {
        string message = Assert.Throws<TimeZoneNotFoundException>(() => TimeZoneFiles.Load(id)).Message;
        Assert.Contains("America/New_York", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Fact]
    public void The_first_folder_that_has_the_zone_counts_and_a_damaged_file_is_said_to_be()
    {
        string folder = Directory.CreateTempSubdirectory("zones").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "America"));
            File.WriteAllText(Path.Combine(folder, "America", "New_York"), "noise");
            string message = Assert.Throws<InvalidTimeZoneException>(() => TimeZoneFiles.Load("America/New_York", [null, folder])).Message;
            Assert.Contains("America/New_York", message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Without_zone_files_the_platforms_rules_are_taken() =>
        Assert.Equal(-14400, TimeZoneFiles.Load("America/New_York", []).OffsetSeconds(Instant));
}
