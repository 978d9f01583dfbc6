namespace OrleansLake.Core.Messages;

/// <summary>
/// Messages in the order of acceptance, as columns. A batch is what a parser fills, a log frame stores and a
/// partition applies; every column has <see cref="Count"/> rows.
/// </summary>
/// <remarks>
/// A batch that was validated has no null timestamp and no null message id. One that was read from an external bronze
/// file may have both.
/// </remarks>
public sealed class MessageBatch
{
    /// <summary>Gets the number of messages.</summary>
    public int Count => UserIds.Count;

    /// <summary>Gets the event time, microseconds since 1970-01-01T00:00:00Z.</summary>
    public NumberColumn<long> Timestamps { get; } = new();

    /// <summary>Gets the message's value.</summary>
    public TextColumn Values { get; } = new();

    /// <summary>Gets what happened to the message.</summary>
    public NameColumn EventTypes { get; } = new();

    /// <summary>Gets the message's id.</summary>
    public MessageIdColumn MessageIds { get; } = new();

    /// <summary>Gets the channel that it went through.</summary>
    public NameColumn Channels { get; } = new();

    /// <summary>Gets the country's id.</summary>
    public IdColumn CountryIds { get; } = new();

    /// <summary>Gets the user's id. Appended last: it counts the rows.</summary>
    public IdColumn UserIds { get; } = new();

    /// <summary>Gets a value indicating whether some ids are not numbers of 32 bits.</summary>
    public bool HasNamedIds => UserIds.Names is not null || CountryIds.Names is not null;

    /// <summary>Gets what is kept beside them, a row for each message; null in lakes that keep nothing, and where nothing was kept.</summary>
    public KeptColumns? Kept { get; private set; }

    /// <summary>Returns the columns of what is kept, with a row for each message so far.</summary>
    /// <param name="fields">What is kept of the messages that follow.</param>
    public KeptColumns Keep(KeptFields fields)
    {
        if (Kept is null)
        {
            Kept = new KeptColumns();
            Kept.AppendNulls(Count);
        }

        Kept.Add(fields);
        return Kept;
    }

    /// <summary>Gives the messages what is kept beside them, a row for each.</summary>
    internal void Attach(KeptColumns kept) => Kept = kept;

    /// <summary>Appends what is kept of a message of another batch, which was appended as the last one.</summary>
    internal void KeepRow(KeptColumns? from, int row)
    {
        if (from is not null)
        {
            if (Kept is null)
            {
                Kept = new KeptColumns();
                Kept.AppendNulls(Count - 1);
            }

            Kept.AppendRow(from, row);
        }
        else
        {
            Kept?.AppendNulls(1);
        }
    }

    /// <summary>Ensures capacity for this many messages in all, so that filling the batch copies nothing twice.</summary>
    public void Reserve(int rows)
    {
        Timestamps.Reserve(rows);
        Values.Reserve(rows);
        EventTypes.Reserve(rows);
        MessageIds.Reserve(rows);
        Channels.Reserve(rows);
        CountryIds.Reserve(rows);
        UserIds.Reserve(rows);
    }

    /// <summary>Appends a message of another batch.</summary>
    public void AppendRow(MessageBatch from, int row)
    {
        ArgumentNullException.ThrowIfNull(from);
        Timestamps.AppendRow(from.Timestamps, row);
        Values.AppendRow(from.Values, row);
        EventTypes.AppendRow(from.EventTypes, row);
        MessageIds.AppendRow(from.MessageIds, row);
        Channels.AppendRow(from.Channels, row);
        CountryIds.AppendRow(from.CountryIds, row);
        UserIds.AppendRow(from.UserIds, row);
        KeepRow(from.Kept, row);
    }

    /// <summary>Copies the rows from one on.</summary>
    public MessageBatch From(int start)
    {
        var batch = new MessageBatch();
        batch.Reserve(Count - start);
        for (int row = start; row < Count; row++)
        {
            batch.AppendRow(this, row);
        }

        return batch;
    }

    /// <summary>Drops the rows from <paramref name="count"/> on, half-written ones included.</summary>
    public void Truncate(int count)
    {
        Timestamps.Truncate(Math.Min(count, Timestamps.Count));
        Values.Truncate(Math.Min(count, Values.Count));
        EventTypes.Truncate(Math.Min(count, EventTypes.Count));
        MessageIds.Truncate(Math.Min(count, MessageIds.Count));
        Channels.Truncate(Math.Min(count, Channels.Count));
        CountryIds.Truncate(Math.Min(count, CountryIds.Count));
        UserIds.Truncate(Math.Min(count, UserIds.Count));
        Kept?.Truncate(count);
    }
}
