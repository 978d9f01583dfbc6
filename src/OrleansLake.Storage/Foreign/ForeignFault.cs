namespace OrleansLake.Storage;

/// <summary>A bronze file of another program that is no longer what it was when it was taken in.</summary>
/// <param name="Entry">What it was.</param>
/// <param name="Kind">What has happened to it.</param>
/// <param name="Found">The file that stands where it was, or, if it was renamed, where its bytes are now; null if there is none.</param>
/// <param name="Reason">Why it cannot be read; null if it can.</param>
public sealed record ForeignFault(ForeignFileEntry Entry, ForeignFaultKind Kind, FileEntry? Found = null, string? Reason = null);
