using System.Collections.Immutable;

namespace OrleansLake.Core.Messages;

/// <summary>
/// The columns of a message: the one list from which files, readers and reports have theirs. Parsers have the names packed by hand, and
/// a test compares them with these.
/// </summary>
public static class MessageSchema
{
    /// <summary>Gets the time of the event.</summary>
    public static MessageColumn Timestamp { get; } = new("timestamp", MessageColumnType.Timestamp, KnownColumns.Timestamp);

    /// <summary>Gets the payload.</summary>
    public static MessageColumn Value { get; } = new("value", MessageColumnType.Text, KnownColumns.Value);

    /// <summary>Gets the event: what happened to the message.</summary>
    public static MessageColumn EventType { get; } = new("event_type", MessageColumnType.Text, KnownColumns.EventType);

    /// <summary>Gets the message's id.</summary>
    public static MessageColumn MessageId { get; } = new("message_id", MessageColumnType.Text, KnownColumns.MessageId);

    /// <summary>Gets the channel that it went through.</summary>
    public static MessageColumn Channel { get; } = new("channel", MessageColumnType.Text, KnownColumns.Channel);

    /// <summary>Gets the country's number.</summary>
    public static MessageColumn CountryId { get; } = new("country_id", MessageColumnType.Number, KnownColumns.CountryId);

    /// <summary>Gets the user's number.</summary>
    public static MessageColumn UserId { get; } = new("user_id", MessageColumnType.Number, KnownColumns.UserId);

    /// <summary>Gets all of them, in the order of files.</summary>
    public static ImmutableArray<MessageColumn> Columns { get; } = [Timestamp, Value, EventType, MessageId, Channel, CountryId, UserId];

    /// <summary>Returns whether a name is a column's, exactly as it is written.</summary>
    public static bool Contains(string name) => Columns.Any(column => column.Name == name);
}
