namespace OrleansLake.Core.State;

/// <summary>
/// One message's first occurrences: what decides for a message alone as <see cref="LakeState"/> does for all of a
/// partition's. Copies are offered in the order of their offsets.
/// </summary>
public sealed class MessageOccurrences
{
    private readonly Dictionary<(string EventType, string? Channel), MessageOccurrence> _first = [];

    /// <summary>The first occurrences of a message that was decided on before.</summary>
    public MessageOccurrences(IEnumerable<MessageOccurrence> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        foreach (MessageOccurrence occurrence in known)
        {
            _first[(occurrence.EventType, occurrence.Channel)] = occurrence;
        }
    }

    /// <summary>The first of each (event type, channel).</summary>
    public IReadOnlyCollection<MessageOccurrence> First => _first.Values;

    /// <summary>Offers a copy; tells whether it counts in the place of what was known.</summary>
    public KeyDecision Offer(in MessageOccurrence copy)
    {
        if (_first.TryGetValue((copy.EventType, copy.Channel), out MessageOccurrence known) && !copy.IsBefore(known))
        {
            return KeyDecision.Loses;
        }

        _first[(copy.EventType, copy.Channel)] = copy;
        return KeyDecision.Wins;
    }
}
