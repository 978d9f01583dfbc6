namespace OrleansLake.Core.Messages;

/// <summary>The knowledge of a broker about a record that it delivers, for lakes that keep it.</summary>
/// <param name="Offset">Its number in what it was read from, which no other has; null if the broker gives none that lasts.</param>
/// <param name="Attributes">The record's key and headers, as the members of a JSON object; null if there are none.</param>
public sealed record RecordOrigin(long? Offset, string? Attributes);
