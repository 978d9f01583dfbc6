using OrleansLake.Engine;

namespace OrleansLake.Grains.Wire;

/// <summary>The receipt of a send.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SendReceipt")]
internal sealed record SendReceipt
{
    /// <summary>Gets the number of messages that this call stored.</summary>
    [Id(0)]
    public required long Accepted { get; init; }

    /// <summary>Gets the number of messages that an earlier call under the same key had stored.</summary>
    [Id(1)]
    public required long Duplicates { get; init; }

    /// <summary>Gets the number of records that were not messages; all of them, though only the first are listed.</summary>
    [Id(2)]
    public required long Rejected { get; init; }

    /// <summary>Gets the first of the records that were not messages.</summary>
    [Id(3)]
    public required IReadOnlyList<RejectedRecord> Errors { get; init; }

    /// <summary>Gets what became of it.</summary>
    [Id(4)]
    public SendReceiptStatus Outcome { get; init; }

    /// <summary>Gets, by partition, the offset at which reads show the messages. 0 where nothing was stored.</summary>
    [Id(5)]
    public required long[] EndOffsets { get; init; }

    /// <summary>Gets the lake's generation; 0 where nothing was stored.</summary>
    [Id(6)]
    public long Generation { get; init; }

    /// <summary>Gets the reason why it was not stored, and what to do; null if it was, and from silos of earlier versions.</summary>
    [Id(7)]
    public string? Detail { get; init; }

    /// <summary>Gets the time after which to send it again; null if that is of no use.</summary>
    [Id(8)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets a value indicating whether the records went through a mapping.</summary>
    [Id(9)]
    public bool IsMapped { get; init; }

    /// <summary>Gets the values of fields that no column takes, by the fields' names, nested ones by their paths; null if there are none, and
    /// from silos of earlier versions.</summary>
    [Id(10)]
    public Dictionary<string, long>? LeftOut { get; init; }

    /// <summary>Gets the columns that none of the messages has a value for by its mapping, each with the paths to it; null if there is none, or no
    /// mapping, and from silos of earlier versions.</summary>
    [Id(11)]
    public string? MissingColumns { get; init; }

    internal static SendReceipt Of(SendOutcome outcome, int errorsMax, long[] endOffsets, long generation) => new()
    {
        Outcome = outcome.Status switch
        {
            SendStatus.Stored or SendStatus.Repeated => SendReceiptStatus.Stored,
            SendStatus.Invalid => SendReceiptStatus.Refused,
            SendStatus.Conflict => SendReceiptStatus.KeyConflict,
            SendStatus.Forgotten => SendReceiptStatus.KeyForgotten,
            SendStatus.UnknownMapping => SendReceiptStatus.UnknownMapping,
            _ => SendReceiptStatus.TooManyDates,
        },
        Accepted = outcome.Status == SendStatus.Stored ? outcome.Accepted : 0,
        Duplicates = outcome.Status == SendStatus.Repeated ? outcome.Accepted : 0,
        Rejected = outcome.Rejected,
        Errors = [.. outcome.Rejections.Take(errorsMax).Select(static one => new RejectedRecord(one.Record, one.Reason, one.Detail))],
        EndOffsets = endOffsets,
        Generation = generation,
        Detail = outcome.Reason,
        RetryAfter = outcome.RetryAfter,
        IsMapped = outcome.IsMapped,
        MissingColumns = outcome.MissingColumns,
        LeftOut = outcome.LeftOut is { } leftOut ? new(leftOut) : null,
    };
}
