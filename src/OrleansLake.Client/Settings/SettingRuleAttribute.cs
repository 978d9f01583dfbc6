namespace OrleansLake.Client.Settings;

/// <summary>A rule on a setting's value, of a list on each of its items, that says what would be right.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class SettingRuleAttribute : Attribute
{
    /// <summary>Gets the valid values, as they follow "give".</summary>
    internal abstract string Expected { get; }

    /// <summary>Returns whether a value is valid.</summary>
    internal abstract bool Allows(object value);
}
