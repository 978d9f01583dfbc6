namespace OrleansLake.Client.Settings;

/// <summary>The kinds of values that a setting has.</summary>
internal enum SettingKind
{
    /// <summary>A text, a number, a duration, a name of an enumeration.</summary>
    Value = 0,

    /// <summary>Items, under their numbers.</summary>
    Items = 1,

    /// <summary>Settings, under their names.</summary>
    Group = 2,
}
