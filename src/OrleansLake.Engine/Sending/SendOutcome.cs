using System.Collections.Immutable;
using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>The answer to a body that was sent.</summary>
public sealed record SendOutcome
{
    /// <summary>The time after which to try again where nothing better is known: a disk or pipeline that is behind has moved by then.</summary>
    internal static readonly TimeSpan UsualRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Gets what became of it.</summary>
    public required SendStatus Status { get; init; }

    /// <summary>Gets a value indicating whether everything that is to be stored of it is durable.</summary>
    public bool IsAcknowledged => Status is SendStatus.Stored or SendStatus.Repeated;

    /// <summary>Gets the number of messages accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the number of records rejected: in quarantine, unless <see cref="Status"/> is <see cref="SendStatus.Invalid"/>.</summary>
    public long Rejected => Rejections.Count;

    /// <summary>Gets the rejected records, with their number in the body (from 1: a line, or an array's element).</summary>
    public IReadOnlyList<Rejection> Rejections { get; init; } = [];

    /// <summary>Gets the offset of the first message, or where it would be if there is none; of many partitions, in the first that
    /// has some.</summary>
    public long FirstOffset { get; init; }

    /// <summary>Gets, by partition, the offset after the body's last message there: reports that show all before it show the body. 0
    /// where it has none.</summary>
    public ImmutableArray<long> EndOffsets { get; init; } = [];

    /// <summary>Gets the offset after the last message, in a lake of one partition.</summary>
    public long EndOffset => EndOffsets is [{ } only] ? only : 0;

    /// <summary>Gets a value indicating, with <see cref="SendOptions.UntilApplied"/>, whether live reports show it. Not if publishing
    /// fails meanwhile.</summary>
    public bool IsApplied { get; init; }

    /// <summary>Gets a value indicating whether its records went through a mapping.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Gets the columns that none of its messages has a value for by its mapping, each with the paths to it: <c>no value (from body)</c>; null if there is none, or no mapping.</summary>
    public string? MissingColumns { get; init; }

    /// <summary>Gets the values of fields that no column takes, by the fields' names, nested ones by their paths; null if there are none.</summary>
    public IReadOnlyDictionary<string, long>? LeftOut { get; init; }

    /// <summary>Gets the time after which to try again; null if that is of no use.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the reason why it was not stored, for people; null if it was.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Gets a value indicating whether the disk failed while the body was being written: all of it may have been stored, or the start of one
    /// that takes several frames. Sent again under the same key it is stored once.
    /// </summary>
    public bool IsUnknown { get; init; }

    internal static SendOutcome Refused(SendStatus status, string reason, TimeSpan? retryAfter = null) =>
        new() { Status = status, Reason = reason, RetryAfter = retryAfter };

    internal static SendOutcome Conflict(SendKey key) => Refused(SendStatus.Conflict, $"another body was sent under '{key}'");

    internal static SendOutcome Forgotten(SendKey key) =>
        Refused(SendStatus.Forgotten, $"{key} is below the numbers that are remembered of the producer; numbers go up");
}
