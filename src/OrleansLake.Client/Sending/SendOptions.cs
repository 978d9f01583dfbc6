using OrleansLake.Core.Messages;

namespace OrleansLake.Client;

/// <summary>The options of a send.</summary>
public sealed record SendOptions
{
    /// <summary>Gets the defaults.</summary>
    public static SendOptions Default { get; } = new();

    /// <summary>
    /// Gets the key of this send, at most 255 bytes of UTF-8: the same messages under the same key are stored once, however often
    /// they are sent, over restarts as well. Any text that is not empty. Null: every send is a new one.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets a value indicating whether the send is all or nothing: one record that is not a message, and nothing is stored.</summary>
    public bool Strict { get; init; }

    /// <summary>Gets the number of errors that the result lists at most; from 0 to <see cref="SendErrors.ErrorsLimit"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It cannot be that many.</exception>
    public int ErrorsMax
    {
        get;
        init => field = value is >= 0 and <= SendErrors.ErrorsLimit ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"SendOptions.ErrorsMax is to be from 0 to {SendErrors.ErrorsLimit}.");
    }

    = SendErrors.ErrorsMax;

    /// <summary>
    /// Gets a value indicating whether the body is JSON texts, each a message on however many lines (or one array of them). False: a
    /// message is a line, or an
    /// element of an array.
    /// </summary>
    public bool IsJsonText { get; init; }

    /// <summary>
    /// Gets the reason why the body is not read for messages: it goes to quarantine as one record with this reason. For hosts that take messages
    /// from elsewhere; a lake over HTTP does not take it. Null: it is read.
    /// </summary>
    public Refusal? Refusal { get; init; }

    /// <summary>
    /// Gets the name of the lake's mapping by which records become messages. Null: the default one, if the lake has one, else none;
    /// <c>none</c>: none in any case.
    /// </summary>
    public string? Mapping { get; init; }

    /// <summary>Gets what the records' broker knows of them; null: they are not a broker's.</summary>
    internal RecordOrigin? Origin { get; init; }

    /// <summary>Gets a value indicating whether the task ends only when the reports show the messages.</summary>
    public bool WaitForReports { get; init; }

    /// <summary>
    /// Gets the source that quarantine names for rejected records. Null: what the host makes of the connection; over HTTP
    /// that is so in any case, as a sender may not give itself the name of another.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>
    /// Gets the sender: a host bounds what each sender may open. A server sets it from the key or the address that a request
    /// came with. Null: the host's own application, which is not bounded.
    /// </summary>
    public string? Sender { get; init; }
}
