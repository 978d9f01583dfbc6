namespace OrleansLake.Core.Messages;

/// <summary>The knowledge of a broker about a record that it delivers, for lakes that keep it.</summary>
/// <param name="Offset">The delivery's number.</param>
/// <param name="Attributes">The record's key and headers, as the members of a JSON object; null if there are none.</param>
public sealed record RecordOrigin(long Offset, string? Attributes);
