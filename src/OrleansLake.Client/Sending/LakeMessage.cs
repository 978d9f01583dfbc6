using OrleansLake.Core.Messages;

namespace OrleansLake.Client;

/// <summary>A message as an application sends it.</summary>
/// <param name="MessageId">Its id; not empty.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="EventType">What happened to the message: CREATED, SENT, ...</param>
/// <param name="Channel">The channel.</param>
/// <param name="UserId">The user's id: a number, or <c>new IdValue("text")</c> where the lake's users are texts.</param>
/// <param name="CountryId">The country's id: a number, or <c>new IdValue("text")</c> where the lake's countries are texts.</param>
/// <param name="Value">Any text.</param>
public sealed record LakeMessage(
    string MessageId, DateTimeOffset Timestamp, string? EventType, string? Channel, IdValue? UserId, IdValue? CountryId = null, string? Value = null);
