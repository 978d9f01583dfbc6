using OrleansLake.Storage.Log;

namespace OrleansLake.Storage.Registries;

/// <summary>An external bronze file that was ingested, or refused.</summary>
/// <param name="File">What it was.</param>
/// <param name="FirstOffset">The offset of its first row.</param>
internal sealed record ExternalFileEntry(SourceProgress.ExternalBronzeFile File, long FirstOffset)
{
    /// <summary>Gets a value indicating whether somebody said that it is right for the file to be gone or to hold other bytes.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>Gets the offset behind its last row.</summary>
    public long EndOffset => FirstOffset + File.Rows;
}
