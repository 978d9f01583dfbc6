using OrleansLake.Engine;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Running;

namespace OrleansLake.Grains.Partitions;

/// <summary>The work of a partition's owner at the trigger: external bronze files, its commit, and for partition 0 the lake's gold.</summary>
internal sealed class PartitionWriting(PartitionRunner runner, LakePartition partition, IProgress<RunProgress>? notices) : IDisposable
{
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly SemaphoreSlim _takingIn = new(1);
    private ExternalFileIngestor? _bronze;
    private bool _hasIngested;

    /// <summary>Ingests what other programs have added to bronze, publishes what is applied, and as the owner of partition 0 the gold of all partitions.</summary>
    internal async Task WriteAsync(PartitionedLake lake, IGrainFactory grains)
    {
        await IngestNewFilesAsync(lake);
        await runner.CommitAsync();
        if (partition.Current.Partition.Value != 0)
        {
            return;
        }

        // One at a time: they would write one temporary file.
        await _publishing.WaitAsync();
        try
        {
            CommittedResponse[] others = await Task.WhenAll(Enumerable.Range(1, lake.Partitions - 1).Select(p => grains.GetGrain<IPartitionGrain>(p).GetCommittedAsync()));
            CommittedReports own = await runner.CommittedAsync();
            await Task.Run(() => lake.PublishGold(partition, [own, .. others.Select((response, i) => response.ToReports(i + 1, lake.Reports))]));
        }
        finally
        {
            _publishing.Release();
        }
    }

    public void Dispose()
    {
        _publishing.Dispose();
        _takingIn.Dispose();
    }

    // The partition's rows of each file. They stay in it, and are read there when the frame is applied.
    private async Task IngestNewFilesAsync(PartitionedLake lake)
    {
        await runner.Loaded;
        await _takingIn.WaitAsync();
        try
        {
            _hasIngested = false;
            _bronze ??= lake.WatchBronze(partition, content =>
            {
                runner.Append(content);
                _hasIngested = true;
            });
            await Task.Run(() => _bronze.IngestNewFiles(notices, CancellationToken.None));
            if (_hasIngested)
            {
                await runner.CatchUpAsync();
            }
        }
        finally
        {
            _takingIn.Release();
        }
    }
}
