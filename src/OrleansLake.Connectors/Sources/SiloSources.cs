using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Orleans;
using OrleansLake.Server.Sources;

namespace OrleansLake.Connectors.Sources;

/// <summary>The sources as far as this silo reads them: for each one reader, of the partitions whose grains are here.</summary>
internal sealed class SiloSources(
    SourceCatalog sources,
    [FromKeyedServices(OrleansLakeClusterServices.ClusterName)] ITopicLake lake,
    LakeMetrics metrics,
    TimeProvider clock,
    ILocalSiloDetails silo,
    ILogger<SourceRunner> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <summary>Reads a partition, if it is not read yet, and pauses its source or lets it go on.</summary>
    /// <exception cref="SourceCallException">The silo has no such source, or it has not paused in time.</exception>
    internal async Task HoldAsync(string source, SourcePartition partition, bool isPaused)
    {
        Reading reading;
        lock (_gate)
        {
            if (!_readings.TryGetValue(source, out reading!))
            {
                reading = Open(source);
                _readings.Add(source, reading);
                reading.Runner.Start(isPaused);
            }

            reading.Share.Add(partition);
        }

        try
        {
            await reading.Runner.SetPausedAsync(isPaused, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LakeClientException e)
        {
            throw SourceCallException.Of(e);
        }
    }

    /// <summary>Reads a partition no longer: what was read of it is stored when it ends.</summary>
    internal async Task ReleaseAsync(string source, SourcePartition partition, CancellationToken cancellationToken)
    {
        Reading reading;
        bool isLast;
        lock (_gate)
        {
            if (!_readings.TryGetValue(source, out reading!))
            {
                return;
            }

            reading.Share.Remove(partition);
            isLast = reading.Share.IsEmpty;
            if (isLast)
            {
                _readings.Remove(source);
            }
        }

        if (isLast)
        {
            await StopAsync(reading).ConfigureAwait(false);
        }
        else
        {
            await reading.Runner.ReleaseAsync(partition, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Has a partition read from another offset.</summary>
    /// <exception cref="SourceCallException">It cannot be done, and the message says why.</exception>
    internal async Task<SourceMove> SeekAsync(string source, SourcePartition partition, long offset)
    {
        try
        {
            Reading? reading = Find(source);
            return reading is null ? throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{partition} is not being read yet; try again.")
                : (await reading.Runner.SeekAsync(new SourceSeek(source) { Topic = partition.Name, Partition = partition.Number, Offset = offset }, CancellationToken.None).ConfigureAwait(false)).Single();
        }
        catch (LakeClientException e)
        {
            throw SourceCallException.Of(e);
        }
    }

    /// <summary>Returns how far a partition is.</summary>
    internal PartitionReport ReportOf(string source, SourcePartition partition)
    {
        if (Find(source) is not { } reading)
        {
            return new PartitionReport();
        }

        SourceStatus status = reading.Runner.Status;
        return status.Partitions.FirstOrDefault(one => one.Topic == partition.Name && one.Number == partition.Number) is { } one
            ? new PartitionReport { IsRead = true, Position = one.Position, End = one.End, LagTime = one.LagTime, Stopped = one.Stopped, Trouble = status.Trouble }
            : new PartitionReport { Trouble = status.Trouble };
    }

    public async ValueTask DisposeAsync()
    {
        Reading[] left;
        lock (_gate)
        {
            left = [.. _readings.Values];
            _readings.Clear();
        }

        await Task.WhenAll(left.Select(StopAsync)).ConfigureAwait(false);
    }

    private static async Task StopAsync(Reading reading)
    {
        await reading.Runner.StopAsync().ConfigureAwait(false);
        reading.Runner.Dispose();
    }

    private Reading? Find(string source)
    {
        lock (_gate)
        {
            return _readings.GetValueOrDefault(source);
        }
    }

    private Reading Open(string name)
    {
        ITopicSource source = sources.Find(name) ?? throw SourceCallException.NotHere(name, silo);
        var share = new SourceShare();
        return new Reading(new SourceRunner(source, lake, share, metrics, clock, logger), share);
    }

    private sealed record Reading(SourceRunner Runner, SourceShare Share);
}
