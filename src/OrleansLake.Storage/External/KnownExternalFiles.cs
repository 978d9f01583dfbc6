using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.External;

/// <summary>An external bronze file whose bytes were ingested before, so that it adds no rows.</summary>
/// <param name="File">The file.</param>
/// <param name="Entry">What its bytes were ingested as; somebody has accepted that this is gone or has changed.</param>
internal sealed record KnownExternalFiles(FileEntry File, ExternalFileEntry Entry);
