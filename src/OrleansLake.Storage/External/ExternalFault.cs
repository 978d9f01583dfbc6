using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.External;

/// <summary>An external bronze file that is no longer what it was when it was ingested.</summary>
/// <param name="Entry">What it was.</param>
/// <param name="Kind">What has happened to it.</param>
/// <param name="Found">The file that is where it was, or, if it was renamed, where its bytes are now; null if there is none.</param>
/// <param name="Reason">The reason why it cannot be read; null if it can.</param>
internal sealed record ExternalFault(ExternalFileEntry Entry, ExternalFaultKind Kind, FileEntry? Found = null, string? Reason = null);
