namespace OrleansLake.Client;

/// <summary>A rejected record.</summary>
/// <param name="Source">Its source.</param>
/// <param name="Record">Its number there, from 1.</param>
/// <param name="Position">The byte at which it starts there; null where a source has none.</param>
/// <param name="Code">The reason, for programs.</param>
/// <param name="Detail">The reason, for people.</param>
/// <param name="Raw">Its bytes as they came.</param>
public sealed record QuarantineRecord(string Source, long Record, long? Position, string Code, string Detail, byte[] Raw)
{
    /// <summary>Gets the name of the mapping through which it was rejected; null: the lake's default one or none; empty: one that the lake does not keep.</summary>
    public string? Mapping { get; init; }
}
