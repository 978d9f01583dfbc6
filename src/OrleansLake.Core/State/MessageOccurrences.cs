namespace OrleansLake.Core.State;

/// <summary>
/// One message's first occurrences: what decides for a message alone as <see cref="LakeState"/> does for all of a
/// partition's. Copies are offered in the order of their offsets.
/// </summary>
/// <remarks>There is one of these for each message, and few keys in one: a list without spare capacity, searched from its start.</remarks>
public sealed class MessageOccurrences
{
    private MessageOccurrence[] _first;

    /// <summary>Initializes the first occurrences of a message that was decided on before, one of each key.</summary>
    public MessageOccurrences(IEnumerable<MessageOccurrence> known)
    {
        _first = [.. known];
    }

    /// <summary>Gets the first of each (event type, channel).</summary>
    public IReadOnlyList<MessageOccurrence> First => _first;

    /// <summary>Returns the offset of the first copy that has the key of this one; -1 if there is none.</summary>
    public long OffsetOf(in MessageOccurrence copy) => IndexOf(copy) is var index and >= 0 ? _first[index].Offset : -1;

    /// <summary>Offers a copy; returns whether it counts in the place of what was known.</summary>
    public KeyDecision Offer(in MessageOccurrence copy)
    {
        int index = IndexOf(copy);
        if (index < 0)
        {
            Array.Resize(ref _first, _first.Length + 1);
            _first[^1] = copy;
            return KeyDecision.Wins;
        }

        if (!copy.IsBefore(_first[index]))
        {
            return KeyDecision.Loses;
        }

        _first[index] = copy;
        return KeyDecision.Wins;
    }

    private int IndexOf(in MessageOccurrence copy)
    {
        for (int i = 0; i < _first.Length; i++)
        {
            ref readonly MessageOccurrence first = ref _first[i];
            if (first.EventType == copy.EventType && first.Channel == copy.Channel)
            {
                return i;
            }
        }

        return -1;
    }
}
