using OrleansLake.Core.Messages;

namespace OrleansLake.Grains;

/// <summary>Messages to be ingested.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SendRequest")]
public sealed record SendRequest
{
    /// <summary>Gets the messages as NDJSON: one object a line; or one JSON array of objects.</summary>
    [Id(0)]
    public required byte[] Ndjson { get; init; }

    /// <summary>Gets the source that is recorded for rejected records.</summary>
    [Id(1)]
    public string Source { get; init; } = "";

    /// <summary>Gets the first line's number in its source, from 1.</summary>
    [Id(2)]
    public long FirstLine { get; init; } = 1;

    /// <summary>Gets the key by which the batch is recognised when it is sent again, or with a number the producer. Null: every send
    /// is a new one.</summary>
    [Id(3)]
    public string? Key { get; init; }

    /// <summary>Gets the batch's number among those of its producer; null if <see cref="Key"/> stands for the batch alone.</summary>
    [Id(4)]
    public long? Number { get; init; }

    /// <summary>Gets a value indicating whether the send is all or nothing: one record that is not a message, and nothing is stored.</summary>
    [Id(5)]
    public bool Strict { get; init; }

    /// <summary>Gets the number of dates that the messages may have: each becomes a folder and a file of the next commit. Null: any number.</summary>
    [Id(6)]
    public int? DatesMax { get; init; }

    /// <summary>Gets a value indicating whether it is JSON texts on however many lines each, and not one a line.</summary>
    [Id(7)]
    public bool IsJsonText { get; init; }

    /// <summary>Gets the reason why it is not read for messages but goes to quarantine as one record; null: it is read.</summary>
    [Id(8)]
    public RejectionReason? RefusedFor { get; init; }

    /// <summary>Gets the same for people.</summary>
    [Id(9)]
    public string? RefusedBecause { get; init; }

    /// <summary>Gets the number of errors that the receipt lists at most.</summary>
    [Id(10)]
    public int ErrorsMax { get; init; } = 100;
}
