using System.Text;
using Orleans.Placement;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Grains.Cluster;

namespace OrleansLake.Grains.Messages;

/// <inheritdoc cref="IMessageGrain"/>
/// <remarks>Beside its partition, which asks it most; gone after two minutes of silence, because there are many.</remarks>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class MessageGrain(LakeClusterHost host) : Grain, IMessageGrain
{
    private readonly MessageDecider _decider = new();

    public ValueTask<MessageVerdict> DecideAsync(MessageCopies copies) => new(_decider.Decide(copies));

    public async Task<MessageOccurrenceDto[]> GetLifeAsync()
    {
        // Only its partition knows whether it was decided on by another owner meanwhile; it also is what reads are true of.
        PartitionedLake lake = await host.LakeAsync();
        string id = this.GetPrimaryKeyString();
        int partition = PartitionedMessages.PartitionOf(Encoding.UTF8.GetBytes(id), lake.Partitions);
        MessageOccurrenceDto[] known = await Retries.RunAsync(() => GrainFactory.GetGrain<IPartitionGrain>(partition).FindAsync(id));
        return [.. known.OrderBy(cell => cell.Timestamp).ThenBy(cell => cell.Offset)];
    }
}
