namespace OrleansLake.Client.Settings;

/// <summary>No two items of a list may have the same here.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UniqueSettingAttribute : Attribute;
