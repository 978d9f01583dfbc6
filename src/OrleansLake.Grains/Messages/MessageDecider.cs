using OrleansLake.Core.State;

namespace OrleansLake.Grains.Messages;

/// <summary>
/// The state of one message's grain, and its decisions. Pure: calls may come late, twice, from an owner that has been replaced
/// or from a new one that does not know what the old one asked.
/// </summary>
/// <remarks>
/// What an owner asked about may never have been stored, so a new owner's word on what counted takes the place of everything.
/// Of one owner frames come in order, one at a time; the newest again gets the newest answer. A grain that was activated again may
/// get an old call first: the stamp then shows that it missed what came between. Keys do not interfere, so what it must
/// know is what counts for the copies' own; of a message's other keys it may know what counted long ago, or nothing.
/// </remarks>
internal sealed class MessageDecider
{
    private MessageOccurrences _occurrences = new([]);
    private long _epoch;
    private long _frame = -1;
    private MessageVerdict? _memo;

    internal MessageVerdict Decide(MessageCopies copies)
    {
        if (copies.Epoch < _epoch || (copies.Epoch == _epoch && copies.Frame < _frame))
        {
            return MessageVerdict.Stale;
        }

        if (copies.Epoch == _epoch && copies.Frame == _frame)
        {
            return _memo!;
        }

        MessageOccurrences occurrences = copies.Known is { } known ? new MessageOccurrences(known.Select(static cell => cell.ToOccurrence()))
            : copies.Epoch > _epoch ? new MessageOccurrences([])
            : _occurrences;
        if (copies.Known is null && StampOf(occurrences, copies.Copies) != copies.KnownStamp)
        {
            return MessageVerdict.NeedsKnown;
        }

        _memo = Offer(occurrences, copies.Copies);
        _occurrences = occurrences;
        _epoch = copies.Epoch;
        _frame = copies.Frame;
        return _memo;
    }

    private static long StampOf(MessageOccurrences occurrences, MessageOccurrenceDto[] copies)
    {
        long stamp = 0;
        foreach (MessageOccurrenceDto copy in copies)
        {
            stamp += MessageCopies.StampOf(occurrences.OffsetOf(copy.ToOccurrence()));
        }

        return stamp;
    }

    private static MessageVerdict Offer(MessageOccurrences occurrences, MessageOccurrenceDto[] copies)
    {
        if (copies.Length == 1)
        {
            return MessageVerdict.OfOne(occurrences.Offer(copies[0].ToOccurrence()));
        }

        var decisions = new KeyDecision[copies.Length];
        for (int i = 0; i < copies.Length; i++)
        {
            decisions[i] = occurrences.Offer(copies[i].ToOccurrence());
        }

        return new MessageVerdict { Decisions = decisions };
    }
}
