using OrleansLake.Client.Settings;

namespace OrleansLake.Client.Embedded;

/// <summary>Specifies that a setting names a file.</summary>
internal sealed class FileSettingAttribute : SettingRuleAttribute
{
    internal override string Expected => "the path of a file";

    internal override bool Allows(object value) => !string.IsNullOrWhiteSpace((string)value);
}
