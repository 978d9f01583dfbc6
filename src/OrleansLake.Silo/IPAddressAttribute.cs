using System.Net;
using OrleansLake.Client.Settings;

namespace OrleansLake.Silo;

/// <summary>Specifies that a setting is the address of a machine.</summary>
internal sealed class IPAddressAttribute : SettingRuleAttribute
{
    internal override string Expected => "the IP address, not a name, that other silos reach this one by";

    internal override bool Allows(object value) => IPAddress.TryParse((string)value, out _);
}
