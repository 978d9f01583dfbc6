namespace OrleansLake.Storage;

/// <summary>A bronze file of another program that was taken in, or refused.</summary>
/// <param name="File">What it was.</param>
/// <param name="FirstOffset">The offset of its first row.</param>
public sealed record ForeignFileEntry(Consumed.ForeignFile File, long FirstOffset);
