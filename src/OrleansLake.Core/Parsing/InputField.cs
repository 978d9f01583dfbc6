namespace OrleansLake.Core.Parsing;

/// <summary>A message's fields as input names them. Each is a bit in a set, so they are numbered from 0.</summary>
internal enum InputField
{
    Timestamp,
    Value,
    EventType,
    MessageId,
    Channel,
    CountryId,
    UserId,
    Unknown,
}
