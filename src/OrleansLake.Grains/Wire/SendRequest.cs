using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Engine.Sending;

namespace OrleansLake.Grains.Wire;

/// <summary>Messages to be ingested.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SendRequest")]
internal sealed record SendRequest
{
    /// <summary>Gets the messages as NDJSON: one object a line; or one JSON array of objects.</summary>
    [Id(0)]
    public required byte[] Ndjson { get; init; }

    /// <summary>Gets the source that is recorded for rejected records.</summary>
    [Id(1)]
    public string Source { get; init; } = "";

    // 2 was the first line's number in its source, which nobody gave.

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
    public int ErrorsMax { get; init; } = Rejection.ListedMax;

    /// <summary>Gets the name of the sender whose dates are counted; null: the silo's own application, or one that is not bounded.</summary>
    [Id(11)]
    public string? Sender { get; init; }

    /// <summary>Gets the number of dates that the sender's messages may have within an hour, through one silo. Null: any number.</summary>
    [Id(12)]
    public int? SenderDatesMax { get; init; }

    /// <summary>Gets the name of the mapping by which records become messages; null: the lake's default one, if there is one.</summary>
    [Id(13)]
    public string? Mapping { get; init; }

    /// <summary>Gets the number that a broker's stream gives the delivery that they came in; null: it has none.</summary>
    [Id(14)]
    public long? OriginOffset { get; init; }

    /// <summary>Gets the key and headers that the broker has of them, as the members of a JSON object; null if there are none.</summary>
    [Id(15)]
    public string? OriginAttributes { get; init; }

    internal SendOptions ToOptions(DateBounds dates) => new()
    {
        Key = Key is null ? null : Number is { } number ? SendKey.Batch(Key, number) : SendKey.Idempotency(Key),
        Strict = Strict,
        AdmitDates = DatesMax is { } max ? found => dates.Refuse(Sender, found, max, SenderDatesMax) : null,
        IsJsonText = IsJsonText,
        Refusal = RefusedFor is { } reason ? new Refusal(reason, RefusedBecause ?? "it is not read") : null,
        Source = Source,
        Mapping = Mapping,
        Origin = OriginOffset is null && OriginAttributes is null ? null : new RecordOrigin(OriginOffset, OriginAttributes),
    };
}
