using OrleansLake.Client.Settings;

namespace OrleansLake.Silo;

/// <summary>Specifies that a setting names a container of Azure Blob Storage.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata</remarks>
internal sealed class ContainerNameAttribute : SettingRuleAttribute
{
    internal override string Expected => "3 to 63 small letters, digits and single hyphens between them";

    internal override bool Allows(object value) => value is string { Length: >= 3 and <= 63 } name
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
}
