using System.Globalization;
using OrleansLake.Core;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine.Checking;

/// <summary>
/// Trusts nothing that the engine counted: compares every partition with its bronze, counted again, and gold with
/// the sum of them. Takes no lock.
/// </summary>
/// <remarks>What later commits replace is read first (checkpoint, log, gold); data files stay.</remarks>
internal sealed class DeepCheck
{
    private readonly ILakeStore _store;
    private readonly Findings _findings = new();
    private readonly ReportCatalog _reports;
    private readonly GoldAudit _gold;
    private readonly PartitionDeepCheck[] _partitions;
    private LakeView? _view;

    internal DeepCheck(ILakeStore store, IReadOnlyList<PartitionId> partitions, LakeTimeZone zone, CountryTable countries, ReportCatalog reports, ParallelWork work)
    {
        _store = store;
        _reports = reports;
        _gold = new GoldAudit(store, reports, _findings);
        _partitions = [.. partitions.Select((partition, place) => new PartitionDeepCheck(store, partition, new PartitionSlice(place, partitions.Count), zone, countries, reports, work, partitions.Count == 1 ? _findings : _findings.Of(string.Create(CultureInfo.InvariantCulture, $"partition {place}"))))];
    }

    /// <summary>Gets a value indicating whether a file that a manifest names was not there: a replay may have replaced it.</summary>
    internal bool HasMissing => _partitions.Any(partition => partition.HasMissing);

    /// <summary>Gets what is checked; null if no manifest can be read.</summary>
    internal LakeView? View => _view;

    /// <summary>Reads what later commits replace. Null if one came in between, false if gold is of another commit.</summary>
    internal bool? TryPrepare()
    {
        if (!_partitions.All(partition => partition.TryPrepare()))
        {
            return null;
        }

        ManifestView[] views = [.. _partitions.Select(partition => partition.View).OfType<ManifestView>()];
        _view = views.Length == 0 ? null : new LakeView(views);
        return _view is null || _view.Ledger.Total == default || _gold.Read(_view.Manifests);
    }

    /// <summary>Does the rest.</summary>
    /// <param name="unnamed">Files that no manifest names, asked for at the end.</param>
    internal CheckResult Run(Func<IReadOnlyList<string>> unnamed)
    {
        foreach (PartitionDeepCheck partition in _partitions)
        {
            partition.Run(id => QuarantineSettlement.Of(id, _partitions.Select(any => any.Registry).OfType<Registry>()));
        }

        if (_view is not null)
        {
            PartitionDeepCheck[] committed = [.. _partitions.Where(partition => partition.View is not null)];
            if (Array.TrueForAll(committed, partition => partition.Registry is not null))
            {
                _findings.Compare("settled records are in quarantine", committed.Sum(partition => partition.Registry!.SettledCount), committed.Sum(partition => partition.SettledCount));
            }

            if (Array.TrueForAll(committed, partition => partition.Recounted is not null))
            {
                IReadOnlyList<ReportPart>[] parts = [.. _partitions.Select(partition => partition.Recounted).OfType<IReadOnlyList<ReportPart>>()];
                _gold.Compare(
                    _view, [.. _reports.Select((report, i) => ReportPart.Sum(report, [.. parts.Select(part => part[i])]))],
                    committed.Sum(partition => partition.Registry?.SettledCount ?? 0));
            }

            foreach (CheckFinding finding in ExternalFile.Open([.. committed.Select(partition => partition.External)]).Select(CheckFinding.Of))
            {
                _findings.Wrong(finding.Found, finding.Name, finding.Expected);
            }

            foreach (string path in unnamed())
            {
                _findings.Wrong($"{path}: no manifest names it, and readers by folder count its rows; remove it", "unnamed file");
            }

            int leftovers = _partitions.Sum(partition => partition.LeftoverCount) + UnnamedFiles.Leftovers(_store, _view).Count();
            _findings.Note("log", $"{Counted.Of(_partitions.Sum(partition => partition.Frames.Count), "frame")}, {Counted.Of(_partitions.Sum(partition => partition.Frames.Bytes), "byte")} read");
            if (leftovers > 0)
            {
                _findings.Note("left over", $"{Counted.Of(leftovers, "file")} of an earlier owner, which the next commits remove");
            }
        }

        return _findings.Result();
    }
}
