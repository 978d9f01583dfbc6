using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage.Manifests;

namespace OrleansLake.Grains.Reports;

/// <summary>
/// Feeds the grains that follow a partition's reports with changes. While nobody asks it collects nothing. Thread-safe.
/// </summary>
internal sealed class ReportFeed(LakePartition partition)
{
    // A follower that asks again later than this gets a base.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly StepLog _steps = new(partition.Epoch.Value, partition.Reports);
    private readonly IReadOnlyList<ReportRow>?[] _whole = new IReadOnlyList<ReportRow>?[partition.Reports.Count];
    private StateChanges? _changes;
    private PartitionVersion? _version;
    private IReadOnlyList<ReportNames> _names = [];
    private long _rejected;
    private long _lastAsked;

    /// <summary>Returns the newest version, with everything that is applied now.</summary>
    internal PartitionVersion Moment()
    {
        lock (_gate)
        {
            Cut();
            if (!ReferenceEquals(_names, partition.ColumnNames))
            {
                // A commit gives names, which changes no row.
                _names = partition.ColumnNames;
                _version = _version! with { ColumnNames = CellsOf(_names) };
            }

            return _version!;
        }
    }

    /// <summary>Returns the changes in a scope since a step.</summary>
    internal ReportSteps Follow(ReportScope scope, long knownEpoch, long knownStep)
    {
        lock (_gate)
        {
            Cut();
            return _steps.Tell(scope, knownEpoch, knownStep, Whole);
        }
    }

    /// <summary>Collects nothing any more if nobody has asked for a while.</summary>
    internal void StopTrackingIfIdle()
    {
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (_changes is { } changes && partition.Clock.GetElapsedTime(_lastAsked) > IdleAfter)
            {
                partition.Look(_ =>
                {
                    changes.Dispose();
                    return 0;
                });
                _changes = null;
                Array.Clear(_whole);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Cut()
    {
        _lastAsked = partition.Clock.GetTimestamp();
        partition.Look(moment =>
        {
            Cut(moment);
            return 0;
        });
    }

    private void Cut(in Engine.Partitions.PartitionVersion now)
    {
        if (_changes is null)
        {
            _changes = now.State.TrackChanges();
            _steps.Break();
        }
        else if (now.Applied.Offset != _version!.Offset)
        {
            _steps.Cut(_changes.IngestRows());
        }
        else if (now.Rejected == _rejected)
        {
            return;
        }

        Array.Clear(_whole);
        _rejected = now.Rejected;
        _version = new PartitionVersion
        {
            Epoch = partition.Epoch.Value,
            Step = _steps.Newest,
            Offset = now.Applied.Offset,
            Generation = now.Generation,
            Ledger = LedgerDto.Of(now.State.Totals with { Rejected = now.Rejected }),
            NewestMicros = now.NewestMicros,
            ColumnNames = _version?.ColumnNames ?? [],
        };
    }

    private static ColumnNameDto[] CellsOf(IReadOnlyList<ReportNames> names) =>
        [.. names.SelectMany(report => report.Names.Select(name => new ColumnNameDto(report.Report, name.Value, name.Name)))];

    // Of one version, which is the newest step then.
    private IReadOnlyList<ReportRow> Whole(ReportDefinition definition)
    {
        int report = partition.Reports.IndexOf(definition);
        return _whole[report] ??= partition.Look(moment =>
        {
            Cut(moment);
            return moment.State.Part(definition);
        }).ToRows();
    }
}
