using OrleansLake.Client.Settings;
using OrleansLake.Storage.TimeZones;

namespace OrleansLake.Client.Embedded;

/// <summary>Specifies that a setting names a time zone of this machine.</summary>
internal sealed class TimeZoneSettingAttribute : SettingRuleAttribute
{
    internal override string Expected => "the name of a time zone such as Europe/Lisbon";

    internal override bool Allows(object value)
    {
        try
        {
            TimeZoneFiles.Load((string)value);
            return true;
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            return false;
        }
    }
}
