namespace OrleansLake.Client;

/// <summary>A message as an application sends it.</summary>
/// <param name="MessageId">Its id; not empty.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="EventType">What happened to the message: CREATED, SENT, ...</param>
/// <param name="Channel">The channel.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="CountryId">The country's number.</param>
/// <param name="Value">Any text.</param>
public sealed record LakeMessage(
    string MessageId, DateTimeOffset Timestamp, string? EventType, string? Channel, int? UserId, int? CountryId = null, string? Value = null);
