namespace OrleansLake.Client.Settings;

/// <summary>A rule on a setting's value, of a list on each of its items, that says what would be right.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class SettingRuleAttribute : Attribute
{
    /// <summary>What to give, as it follows "give".</summary>
    internal abstract string Expected { get; }

    /// <summary>Whether a value that is there is right.</summary>
    internal abstract bool Allows(object value);
}
