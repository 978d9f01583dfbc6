using OrleansLake.Core.State;

namespace OrleansLake.Grains;

/// <summary>
/// What one message's grain knows, and how it decides. Pure: calls may come late, twice, from an owner that has been replaced
/// or from a new one that does not know what the old one asked.
/// </summary>
/// <remarks>
/// What an owner asked about may never have been stored, so a new owner's word on what counted takes the place of everything.
/// Of one owner frames come in order, one at a time; the newest again gets the newest answer. A grain that was made anew may
/// hear a call of long ago first: the stamp tells it then that it missed what came between.
/// </remarks>
internal sealed class MessageDecider
{
    private MessageOccurrences? _occurrences;
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

        if (_occurrences is null || copies.Epoch > _epoch || MessageCopies.StampOf(_occurrences.First.Select(one => one.Offset)) != copies.KnownStamp)
        {
            if (copies.Known is null)
            {
                return MessageVerdict.NeedsKnown;
            }

            _occurrences = new MessageOccurrences(copies.Known.Select(cell => cell.ToOccurrence()));
        }

        MessageOccurrences occurrences = _occurrences;
        _memo = new MessageVerdict { Decisions = [.. copies.Copies.Select(cell => occurrences.Offer(cell.ToOccurrence()))] };
        _epoch = copies.Epoch;
        _frame = copies.Frame;
        return _memo;
    }
}
