using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>The options of a send.</summary>
public sealed record SendOptions
{
    /// <summary>Gets the key by which the body is recognised when it is sent again; null: it is stored as often as it is sent.</summary>
    public SendKey? Key { get; init; }

    /// <summary>Gets a value indicating whether the send is all or nothing: where a record is rejected, nothing is stored, not in
    /// quarantine either.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Gets a callback that is asked, once a body can be stored, with the dates of its messages (days since 1970-01-01 in the lake's time zone):
    /// each opens a folder and a file. What it gives is answered, and nothing stored; null lets the body pass.
    /// </summary>
    public Func<IReadOnlyCollection<int>, SendOutcome?>? AdmitDates { get; init; }

    /// <summary>
    /// Gets a value indicating whether the body is JSON texts, on however many lines each: where it is not one object a line, it is
    /// cut where they end. Otherwise
    /// a record is a line, or an element of an array.
    /// </summary>
    public bool IsJsonText { get; init; }

    /// <summary>
    /// Gets the name of the lake's mapping by which records become messages (<see cref="Lake.Mappings"/>). Null: the default one, if there
    /// is one, else none; <c>none</c>: none in any case.
    /// </summary>
    public string? Mapping { get; init; }

    /// <summary>Gets what the records' broker knows of them; null: they are not a broker's.</summary>
    internal RecordOrigin? Origin { get; init; }

    /// <summary>Gets the reason why the body is not read for messages: it is one record of the quarantine then. Null: it is read.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Gets the source of rejected records, for people who look into the quarantine.</summary>
    public string Source { get; init; } = "send";

    /// <summary>Gets a value indicating whether to answer when live reports show the messages, not already when they are durable.</summary>
    public bool UntilApplied { get; init; }

    /// <summary>
    /// Gets the time to wait for capacity before the answer is <see cref="SendStatus.Busy"/>. Five seconds: a commit of full
    /// memory takes less, and clients wait longer. Once stored, a body waits for its fsync whatever that takes.
    /// </summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(5);
}
