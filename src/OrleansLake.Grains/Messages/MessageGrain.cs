using System.Text;
using Orleans.Placement;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine;

namespace OrleansLake.Grains;

/// <inheritdoc cref="IMessageGrain"/>
/// <remarks>Beside its partition, which asks it most; gone after two minutes of silence, because there are many.</remarks>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class MessageGrain(LakeClusterHost host) : Grain, IMessageGrain
{
    private MessageOccurrences? _occurrences;
    private long _epoch;
    private long _frame = -1;
    private MessageVerdict? _memo;

    public Task<MessageVerdict> DecideAsync(MessageCopies copies) => Task.FromResult(Decide(copies));

    public async Task<MessageOccurrenceCell[]> GetLifeAsync()
    {
        // Only its partition knows whether it was decided on by another owner meanwhile; it also is what reads are true of.
        PartitionedLake lake = await host.LakeAsync();
        string id = this.GetPrimaryKeyString();
        int partition = PartitionedMessages.PartitionOf(Encoding.UTF8.GetBytes(id), lake.Partitions);
        MessageOccurrenceCell[] known = await Retries.RunAsync(() => GrainFactory.GetGrain<IPartitionGrain>(partition).FindAsync(id));
        return [.. known.OrderBy(cell => cell.Timestamp).ThenBy(cell => cell.Offset)];
    }

    private MessageVerdict Decide(MessageCopies copies)
    {
        if (copies.Epoch < _epoch || (copies.Epoch == _epoch && copies.Frame < _frame))
        {
            return MessageVerdict.Stale;
        }

        if (copies.Epoch == _epoch && copies.Frame == _frame)
        {
            return _memo!;
        }

        if (_occurrences is null || copies.Epoch > _epoch)
        {
            // An owner before may have asked about frames that were never stored: what it was told counts no more.
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
