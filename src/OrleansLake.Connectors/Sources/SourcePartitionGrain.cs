using Microsoft.Extensions.Logging;
using Orleans.GrainDirectory;
using OrleansLake.Client;
using OrleansLake.Grains;
using OrleansLake.Grains.Partitions;

namespace OrleansLake.Connectors.Sources;

/// <inheritdoc cref="ISourcePartitionGrain"/>
[PartitionPlacement]
[GrainDirectory(LakeGrains.PartitionDirectory)]
internal sealed partial class SourcePartitionGrain(SiloSources sources, PartitionMap map, ILogger<SourcePartitionGrain> logger) : Grain, ISourcePartitionGrain
{
    // Orleans gives a deactivation 30 s, and a silo that stops has 20 s for everything.
    private static readonly TimeSpan ReleaseMax = TimeSpan.FromSeconds(8);

    private PartitionOrder? _order;
    private int _looksElsewhere;
    private bool _isMoving;

    private PartitionReport Report => (_order is { } order ? sources.ReportOf(order.Source, order.Place.ToPartition()) : new PartitionReport()) with { Silo = map.Here, IsMoving = _isMoving };

    public async Task<PartitionReport> KeepAsync(PartitionOrder order)
    {
        _order = order;
        await sources.HoldAsync(order.Source, order.Place.ToPartition(), order.IsPaused);

        // Twice in a row, so that a silo that comes and goes moves nothing. It migrates: were it only put away, the next call would be sent to where it
        // was, and make it again there, for as long as its callers remember that.
        _looksElsewhere = map.IsPreferred(this.GetPrimaryKeyLong(out _)) ? 0 : _looksElsewhere + 1;
        _isMoving = _looksElsewhere >= 2;
        if (_isMoving)
        {
            MigrateOnIdle();
        }

        return Report;
    }

    public Task<PartitionReport> GetReportAsync() => Task.FromResult(Report);

    public async Task<PartitionMove> SeekAsync(long offset) => _order is { } order && !_isMoving
        ? PartitionMove.Of(await sources.SeekAsync(order.Source, order.Place.ToPartition(), offset))
        : throw new SourceCallException(LakeClientErrorKind.Unavailable, "The partition is moving to another silo; try again.");

    // All that was read of it is stored before another silo reads it, so that nothing is read twice.
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_order is not { } order)
        {
            return;
        }

        try
        {
            await sources.ReleaseAsync(order.Source, order.Place.ToPartition(), cancellationToken).WaitAsync(ReleaseMax, cancellationToken);
        }
#pragma warning disable CA1031 // What was not stored is read again, by the next silo.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogLeft($"{order.Place.ToPartition()}", e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Partition} is left before all that was read of it was stored, and is read again from there: {Reason}")]
    private partial void LogLeft(string partition, string reason);
}
