namespace OrleansLake.Storage;

/// <summary>Something in a folder that is not taken as a file.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="Reason">Why, as the rest of a sentence that starts with its name.</param>
/// <param name="IsUnreadable">Whether it may not be read: a file, or a folder with all that is in it.</param>
public sealed record LeftOutEntry(string Path, string Reason, bool IsUnreadable = false);
