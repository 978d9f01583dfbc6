using System.Runtime.ExceptionServices;
using OrleansLake.Core;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Checking;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Quarantine;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>
/// Reads a lake while others write to it, without a lock: what it shows is true as of one manifest (of each
/// partition, where there are many). A file that goes while it is read sends the reader to the newest manifest; only if
/// that names it, too, is it damage.
/// </summary>
public sealed partial class LakeReader
{
    private const int TriesMax = 5;

    // A check takes as long as many commits of a small lake do.
    private const int ChecksMax = 50;

    // How long a commit's files may be seen before its manifest and its gold, at most.
    private static readonly TimeSpan CommitTime = TimeSpan.FromSeconds(2);

    // The same where nothing else shows whether an owner is at work: an fsync may take seconds on a busy disk.
    private static readonly TimeSpan SlowCommitTime = TimeSpan.FromSeconds(10);

    private readonly ILakeStore _store;
    private readonly TimeProvider _clock;
    private readonly PartitionId[] _partitions;
    private readonly CountryTable _countries;
    private LakeView? _view;

    // Only checks get by without a manifest that can be read.
    private ExceptionDispatchInfo? _damage;

    private LakeReader(ILakeStore store, LakeTimeZone zone, CountryTable countries, LakeDescription lake, TimeProvider clock, ReportCatalog reports)
    {
        Reports = reports;
        _store = store;
        _partitions = [.. lake.PartitionIds];
        _added = new(lake.Added, zone, static _ => { });
        _clock = clock;
        _countries = countries;
        TimeZone = zone;
        _ = TryHasNewer();
    }

    /// <summary>Gets the reports that it reads.</summary>
    public ReportCatalog Reports { get; }

    /// <summary>Gets the lake's time zone.</summary>
    public LakeTimeZone TimeZone { get; }

    /// <summary>Gets the mappings of the lake.</summary>
    public LakeMappings Mappings => new(_store);

    /// <summary>Gets the newest manifest's number; of many partitions, the sum of theirs. 0 if nothing was published yet.</summary>
    public long CommitNumber => View?.Number ?? 0;

    /// <summary>Gets the number of partitions that the lake has.</summary>
    public int Partitions => _partitions.Length;

    /// <summary>Gets the counts as of that manifest.</summary>
    public Ledger Ledger => View?.Ledger ?? Ledger.Empty;

    /// <summary>Gets the data files of that manifest.</summary>
    public IReadOnlyCollection<DataFile> Files => [.. (View?.Partitions ?? []).SelectMany(partition => partition.Files.Values)];

    /// <summary>Opens a lake for reading.</summary>
    /// <exception cref="LakeException">There is no lake.</exception>
    /// <exception cref="CorruptDataException">There was one, and what it is was lost.</exception>
    public static LakeReader Open(string path, ReportCatalog? reports = null) => Open(new LocalStore(path), reports);

    /// <summary>Opens a lake for reading wherever it is.</summary>
    /// <exception cref="LakeException">There is no lake.</exception>
    public static LakeReader Open(ILakeStore store, ReportCatalog? reports = null) => Open(store, clock: null, reports);

    /// <summary>Opens a lake for reading wherever it is.</summary>
    /// <param name="store">Its location.</param>
    /// <param name="clock">What a second look waits by; the system's if null.</param>
    /// <param name="reports">The reports that it keeps; null: the two of <see cref="LakeReports.All"/>.</param>
    internal static LakeReader Open(ILakeStore store, TimeProvider? clock, ReportCatalog? reports = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.Find(LakePaths.Description) is null)
        {
            LakeFolder.ThrowIfLost(store);
            throw new LakeException(LakeFailure.Environment, $"There is no lake in {store.Location}. `lake ingest`, `lake produce --to` or `lake demo` makes one.");
        }

        (LakeTimeZone zone, CountryTable countries) = LakeCreation.Read(store);
        LakeDescription lake = LakeDescription.Read(store);
        ILakeStore where = lake.Replaces is null ? store : new StagedStore(store);
        return new LakeReader(where, zone, countries, lake, clock ?? TimeProvider.System, (reports ?? LakeReports.All).Of(lake.Ids));
    }

    /// <summary>Returns a report as of the newest manifest.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="LakeException">There is no such report.</exception>
    public ReportTable Report(string name)
    {
        ReportDefinition definition = Reports.Find(name)
            ?? throw new LakeException(LakeFailure.Usage, $"There is no report {name}; there are {Reports.Names}.");
        return AtNewest(() => ReadGold(definition) ?? FromSnapshot(definition));
    }

    /// <summary>Returns rejected records: those that are published, then those that are in the log only.</summary>
    /// <param name="wanted">Which ones; all if null.</param>
    public IEnumerable<QuarantineEntry> Quarantine(IReadOnlyList<QuarantineRange>? wanted = null) => AtNewest<List<QuarantineEntry>>(
        () =>
        {
            if (_view is not { } view)
            {
                return [];
            }

            var unpublished = new List<IReadOnlyList<LogFrame>>();
            var registries = new List<Registry>();
            foreach (ManifestView partition in view.Partitions)
            {
                if (PartitionReader.ReadUnpublished(_store, partition.Manifest) is not { } frames)
                {
                    // The log was moved on meanwhile.
                    return null;
                }

                unpublished.Add(frames);
                Registry registry = PartitionReader.ReadRegistry(_store, partition.Manifest);
                foreach (LogFrame frame in frames)
                {
                    registry.Fold(frame);
                }

                registries.Add(registry);
            }

            return
            [
                .. view.Partitions.SelectMany((partition, i) =>
                {
                    int place = partition.Manifest.Partition.Value - _partitions[0].Value;
                    return QuarantineReader.Read(_store, place, (partition.Files.Values, unpublished[i]), wanted ?? [QuarantineRange.All], SettlementOf);
                }),
            ];

            QuarantineSettlement SettlementOf(QuarantineId id) => QuarantineSettlement.Of(id, registries);
        });

    /// <summary>Gets the number of rejected records that were replayed or dismissed, as of the newest manifest; the others are open.</summary>
    public long SettledCount() =>
        AtNewest<long[]>(() => [.. (_view?.Manifests ?? []).Select(manifest => PartitionReader.ReadRegistry(_store, manifest).SettledCount)]).Sum();

    /// <summary>Returns the counts in all and by date, as <c>gold/ledger</c> has them, as of the newest manifest.</summary>
    internal LedgerTable LedgerTable()
    {
        // The registry first: reading it may go on to a newer manifest.
        long settled = SettledCount();
        return new LedgerTable(Ledger, settled, CommitNumber, _view?.Position ?? 0);
    }

    /// <summary>
    /// Looks at the Parquet files that other programs put into bronze, and what has become of those that were ingested, as of
    /// the newest manifest.
    /// </summary>
    public IReadOnlyList<ExternalFile> ExternalFiles() => AtNewest(
        () => ExternalListing.Of(_store, [.. (_view?.Manifests ?? []).Select(manifest => PartitionReader.ReadRegistry(_store, manifest))]));

    /// <summary>Counts every file again and compares with the ledger.</summary>
    /// <param name="threads">The number of threads that work at most; null: one for each core.</param>
    public CheckResult Check(int? threads = null)
    {
        var work = new ParallelWork(threads ?? Environment.ProcessorCount);
        bool isWrittenTo = false;
        for (int tries = 1; ; tries++)
        {
            if (Damage() is { } damage)
            {
                return damage;
            }

            FileEntry?[] gold = GoldEntries();
            if (_view is not { } view)
            {
                return new CheckResult([]);
            }

            var check = new LakeCheck(_store, view, Reports, work, isWrittenTo);
            CheckResult result = check.Run();
            if (result.Passed || tries == ChecksMax || !(TryHasNewer() || (check.MayBeInTheMiddle && IsOvertaken(gold))))
            {
                return result;
            }

            // A lake that commits as fast as this looks has gold behind every time, which is not a fault.
            isWrittenTo = CommitNumber > view.Number;
        }
    }

    /// <summary>
    /// Trusts nothing: reads every byte, counts bronze again, and compares silver, state, ledger and gold with it. What
    /// is damaged is among the findings.
    /// </summary>
    /// <param name="threads">The number of threads that work at most; null: one for each core.</param>
    /// <exception cref="LakeRefusedException">A newer version wrote some of it.</exception>
    public CheckResult CheckDeep(int? threads = null)
    {
        var work = new ParallelWork(threads ?? Environment.ProcessorCount);
        for (int tries = 1; ; tries++)
        {
            FileEntry?[] gold = GoldEntries();
            var check = new DeepCheck(_store, _partitions, TimeZone, _countries, Reports, work);
            bool? isPrepared = check.TryPrepare();
            if (isPrepared is null || (isPrepared is false && IsOvertaken(gold)))
            {
                if (tries < ChecksMax)
                {
                    continue;
                }

                throw new LakeException(LakeFailure.Failed, "The lake is being written to faster than it could be read; try again.");
            }

            CheckResult result = check.Run(Unnamed);
            if (result.Passed || tries >= ChecksMax || !check.HasMissing || check.View is not { } view
                || (view.IsNewest(_store) && view.Manifests.All(static manifest => manifest.PendingLinks.Count == 0)))
            {
                _ = TryHasNewer();
                return result;
            }
        }
    }

    // A commit's files are in their folders before its manifest is: what its owner may be about to name is looked
    // for again when the next manifest is there, or none has come for long.
    private List<string> Unnamed()
    {
        (List<string> first, LakeView? seen) = Look();
        long started = _clock.GetTimestamp();
        while (seen is not null && first.Exists(seen.MayBeNamedNext)
            && seen.IsNewest(_store) && _clock.GetElapsedTime(started) < SlowCommitTime)
        {
            Task.Delay(CommitTime / 40, _clock).Wait();
        }

        return first.Count == 0 ? first : [.. first.Intersect(Look().Unnamed)];

        (List<string> Unnamed, LakeView? View) Look()
        {
            // The files between the two: what a manifest named that is replaced since, or names by now, is known.
            LakeView? before = LakeView.ReadLatest(_store, _partitions);
            List<string> unnamed = before is null ? [] : UnnamedFiles.Find(_store, before, Reports);
            LakeView? after = LakeView.ReadLatest(_store, _partitions);
            return ([.. unnamed.Where(path => after is null || !after.Names(path))], after);
        }
    }

    private CheckResult? Damage() => _damage is null ? null
        : new CheckResult([new CheckFinding("manifest", "as it was written", _damage.SourceException.Message, false) { IsDamage = true }]);

    private bool TryHasNewer()
    {
        try
        {
            return HasNewer();
        }
        catch (CorruptDataException e)
        {
            // Damage is reported once: a wait for a later commit would never end.
            bool isNews = _damage is null;
            _damage = ExceptionDispatchInfo.Capture(e);
            return isNews;
        }
    }

    // A commit's files are in their folders a moment before its manifest is, and gold comes a moment after it.
    private bool IsOvertaken(FileEntry?[] gold)
    {
        long started = _clock.GetTimestamp();
        do
        {
            if (TryHasNewer() || !GoldEntries().AsSpan().SequenceEqual(gold))
            {
                return true;
            }

            Task.Delay(CommitTime / 40, _clock).Wait();
        }
        while (_clock.GetElapsedTime(started) < CommitTime);
        return false;
    }

    private FileEntry?[] GoldEntries() => [.. GoldFiles.Names(Reports).Select(name => _store.Find(LakePaths.GoldFile(name)))];

    // Reads until it was not overtaken by a commit: what is missing then is missing indeed.
    private T AtNewest<T>(Func<T?> read)
        where T : class
    {
        _damage?.Throw();
        for (int tries = 1; ; tries++)
        {
            try
            {
                if (read() is { } result)
                {
                    return result;
                }
            }
            catch (FileNotFoundException e)
            {
                if (!HasNewer())
                {
                    throw new CorruptDataException(e.FileName ?? _store.Location, -1, "the newest manifest names it, but it is missing", "Restore it, or `lake replay`.");
                }

                if (tries < TriesMax)
                {
                    continue;
                }
            }

            if (tries == TriesMax)
            {
                throw new LakeException(LakeFailure.Failed, "The lake is being written to faster than it could be read; try again.");
            }

            HasNewer();
        }
    }

    private LakeView? View
    {
        get
        {
            _damage?.Throw();
            return _view;
        }
    }

    /// <summary>Reads of the log what a start reads.</summary>
    /// <exception cref="CorruptDataException">Something of it is damaged or missing.</exception>
    internal void ThrowIfLogIsDamaged()
    {
        foreach (Manifest manifest in View?.Manifests ?? [])
        {
            if (PartitionReader.FindDamageInLog(_store, manifest) is { } damage)
            {
                throw damage;
            }
        }
    }

    private bool HasNewer()
    {
        long before = _view?.Number ?? 0;
        _view = LakeView.ReadLatest(_store, _partitions);
        return (_view?.Number ?? 0) != before;
    }

    // Null if gold is not of this manifest: a commit is under way, or a crash came before gold was written.
    private ReportTable? ReadGold(ReportDefinition definition)
    {
        string path = LakePaths.GoldFile(definition.Name);
        if (_store.Find(path) is null)
        {
            return null;
        }

        try
        {
            using ParquetReader reader = ParquetReader.Open(_store.OpenStream(path), path);
            if (GoldFiles.Number(reader, GoldFiles.ManifestKey) > CommitNumber)
            {
                HasNewer();
            }

            return _view is { } view && GoldFiles.IsOf(reader, view.Manifests) ? GoldFiles.Read(reader, definition) : null;
        }
        catch (ParquetException)
        {
            // Gold is derived: the snapshot has what it had.
            return null;
        }
    }

    // One partition's state at a time is in memory.
    private ReportTable FromSnapshot(ReportDefinition definition)
    {
        ReportPart[] parts = [.. (_view?.Manifests ?? []).Select(manifest => SnapshotState.Read(_store, manifest, Reports).Part(definition))];
        return GoldNames.Of(_view?.Manifests ?? [], definition.Name).Apply(ReportPart.Sum(definition, parts));
    }
}
