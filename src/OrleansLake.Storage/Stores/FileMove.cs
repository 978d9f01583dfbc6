namespace OrleansLake.Storage.Stores;

/// <summary>A finished temporary file and the name it is to have.</summary>
/// <param name="Temporary">The path that it was written to.</param>
/// <param name="Path">The path that it is to have.</param>
public sealed record FileMove(string Temporary, string Path);
