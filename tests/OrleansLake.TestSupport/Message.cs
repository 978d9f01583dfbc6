namespace OrleansLake.TestSupport;

/// <summary>A message as the oracle sees it.</summary>
/// <param name="Timestamp">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="EventType">What happened to the message.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Channel">The channel.</param>
/// <param name="CountryId">The country's number.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="Day">The local date in days since 1970-01-01; <see cref="int.MinValue"/> if there is none.</param>
public sealed record Message(long? Timestamp, string? EventType, string? MessageId, string? Channel, int? CountryId, int? UserId, int Day);
