using Microsoft.Extensions.Logging;
using OrleansLake.Core;
using OrleansLake.Engine;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Partitions;

namespace OrleansLake.Grains.Writing;

/// <inheritdoc cref="ISilverWriterGrain"/>
[PartitionPlacement]
internal sealed partial class SilverWriterGrain(LakeClusterHost host, OpenPartitions partitions, PartitionMap map, ILogger<SilverWriterGrain> logger)
    : Grain, ISilverWriterGrain
{
    private bool _isCommitting;

    private int Number => (int)this.GetPrimaryKeyLong();

    public async Task TriggerAsync()
    {
        if (_isCommitting)
        {
            return;
        }

        _isCommitting = true;
        try
        {
            await WriteAsync();
        }
        catch (Exception e) when (Failures.IsExpected(e) || e is CorruptDataException)
        {
            // The same commit is tried again at the next trigger; damage to external files may be repaired by then.
            // A partition that moved is published by its next owner.
            if (!partitions.AreLeaving && e is not PartitionMovedException)
            {
                LogCommitFailed(Number, Failures.ReasonOf(e));
            }
        }
        finally
        {
            _isCommitting = false;
        }
    }

    public Task CommitAsync() => WriteAsync();

    public async Task<WriterStatus> GetStatusAsync()
    {
        if (partitions.Find(Number) is not { } partition)
        {
            return new WriterStatus(map.Here, 0, 0);
        }

        LakeStatus status = await partition.StatusAsync();
        return new WriterStatus(map.Here, partition.Epoch.Value, status.CommitNumber);
    }

    private async Task WriteAsync()
    {
        if (partitions.Find(Number) is not { } partition)
        {
            if (!map.IsPreferred(Number))
            {
                // The next call finds another one, where the partition is or will be.
                DeactivateOnIdle();
            }

            await GrainFactory.GetGrain<IPartitionGrain>(Number).CommitAsync();
            return;
        }

        try
        {
            await partition.WriteAsync(await host.LakeAsync(), GrainFactory);
        }
        catch (Exception e) when (Failures.IsLoss(e))
        {
            partition.Leave();
            throw PartitionMovedException.Of(Number, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "partition {Partition} could not publish, and tries again: {Reason}")]
    private partial void LogCommitFailed(int partition, string reason);
}
