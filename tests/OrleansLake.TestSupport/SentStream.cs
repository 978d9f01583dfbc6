namespace OrleansLake.TestSupport;

/// <summary>
/// The knowledge of a producer outside the lake: the records it sends, in order, some of which are not messages, and what was
/// acknowledged. After a crash it continues after the last acknowledgement, so that what was durable without having
/// been acknowledged is sent, and counts in bronze, twice.
/// </summary>
/// <param name="seed">What the records follow from.</param>
/// <param name="hasAttributes">Whether messages come with <see cref="SentAttributes"/>.</param>
/// <param name="ids">How ids are written; null: as numbers.</param>
public sealed class SentStream(int seed, bool hasAttributes = false, SentIds? ids = null)
{
    private readonly List<SentSession> _sessions = [];

    /// <summary>Starts the next session, behind what is acknowledged.</summary>
    public SentSession Begin()
    {
        int first = _sessions.Count == 0 ? 0 : AfterAcknowledged(_sessions[^1]);
        _sessions.Add(new SentSession(_sessions.Count, first));
        return _sessions[^1];
    }

    /// <summary>A record's line, with its line end.</summary>
    public string Line(SentSession session, int index)
    {
        ArgumentNullException.ThrowIfNull(session);
        return MessageAt(session, index)?.ToNdjson(hasAttributes, ids) ?? Rejected(session, index) + "\n";
    }

    /// <summary>Returns the number of messages that are among the records that a session has sent.</summary>
    public int CountMessages(SentSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Enumerable.Range(0, session.SentRecords).Count(index => MessageAt(session, index) is not null);
    }

    /// <summary>
    /// Holds what bronze and the quarantine have of this stream against what was sent: of each session the first
    /// records, no fewer than were acknowledged, each as it was sent.
    /// </summary>
    /// <param name="bronze">The stream's messages in bronze order.</param>
    /// <param name="quarantine">The raw records, in their order.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? FindFault(IReadOnlyList<SentMessage> bronze, IReadOnlyList<string> quarantine)
    {
        ArgumentNullException.ThrowIfNull(bronze);
        ArgumentNullException.ThrowIfNull(quarantine);
        int row = 0;
        int rejected = 0;
        foreach (SentSession session in _sessions)
        {
            int messages = 0;
            for (int i = 0; i < session.SentRecords; i++)
            {
                if (MessageAt(session, i) is { } message)
                {
                    if (row == bronze.Count || bronze[row] != message)
                    {
                        break;
                    }

                    row++;
                    messages++;
                }
                else if (rejected < quarantine.Count && quarantine[rejected] == Rejected(session, i))
                {
                    rejected++;
                }
                else if (HasMessageAfter(session, i, bronze, row))
                {
                    return $"session {session.Number}: record {i} is not in quarantine, and a later one is in bronze";
                }
            }

            if (messages < session.AcknowledgedMessages)
            {
                return $"session {session.Number}: {session.AcknowledgedMessages} were acknowledged, {messages} are there";
            }
        }

        return row < bronze.Count ? $"row {row} of the stream is {bronze[row]}, which comes next in no session"
            : rejected < quarantine.Count ? $"the quarantine has {quarantine[rejected]}, which comes next in no session"
            : null;
    }

    private bool HasMessageAfter(SentSession session, int index, IReadOnlyList<SentMessage> bronze, int row)
    {
        for (int i = index + 1; i < session.SentRecords && row < bronze.Count; i++)
        {
            if (MessageAt(session, i) is { } message)
            {
                return bronze[row] == message;
            }
        }

        return false;
    }

    private int AfterAcknowledged(SentSession session)
    {
        int index = 0;
        for (int messages = 0; messages < session.AcknowledgedMessages; index++)
        {
            messages += MessageAt(session, index) is null ? 0 : 1;
        }

        return session.FirstRecord + index;
    }

    private SentMessage? MessageAt(SentSession session, int index)
    {
        int record = session.FirstRecord + index;
        var random = new Random(HashCode(record));
        return random.Next(20) == 0 ? null
            : SentMessage.Make(random, $"session {session.Number} record {record} {new string('x', random.Next(120))}");
    }

    private static string Rejected(SentSession session, int index) => $"{{\"session\":{session.Number},\"record\":{session.FirstRecord + index}";

    private int HashCode(int record) => unchecked((seed * 486187739) + (record * 16777619));
}
