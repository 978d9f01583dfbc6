namespace OrleansLake.Engine;

/// <summary>An external bronze file that was to be accepted as it is now.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="File">The file as it was found; null if none is known.</param>
public sealed record AcceptedFile(string Path, AcceptOutcome Outcome, ExternalFile? File = null)
{
    /// <summary>Gets what its bytes are known as, if they are; else null.</summary>
    public string? KnownBecause { get; init; }

    /// <summary>Gets a value indicating whether a file of its name holds bytes that were never ingested: the next run looks at it as a new one.</summary>
    public bool IsNewFile { get; init; }
}
