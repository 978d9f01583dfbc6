using System.Globalization;
using OrleansLake.Core;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Quarantine;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine.Checking;

/// <summary>
/// The deep check of one partition: reads every byte that its manifest names, counts its bronze again into a state of
/// its own, and compares silver, the snapshot and the ledger with it.
/// </summary>
/// <remarks>
/// Memory: one state at a time (some 66 bytes a key), the reports, and what <see cref="SilverAudit"/> says.
/// </remarks>
internal sealed class PartitionDeepCheck(
    ILakeStore store, PartitionId partition, PartitionSlice share, LakeTimeZone zone, CountryTable countries, ReportCatalog reports, ParallelWork work, Findings findings)
{
    private PartitionAudit _audit = null!;
    private (StateDigest Digest, Ledger Ledger)? _snapshot;
    private int _missing;

    /// <summary>Gets a value indicating whether a file that the manifest names was not there: a replay may have replaced it.</summary>
    internal bool HasMissing => _missing > 0;

    /// <summary>Gets the manifest that is checked; null if none can be read.</summary>
    internal ManifestView? View => _audit.View;

    /// <summary>Gets the rejected records, of this partition or another, that its rows replay; null if that cannot be read.</summary>
    internal Registry? Registry => _audit.Registry;

    /// <summary>Gets the states of external bronze files: those that are not what they were were found byte by byte.</summary>
    internal ExternalScan External { get; private set; } = new([], [], []);

    /// <summary>Gets the number of its rejected records, which were all read, were replayed or dismissed.</summary>
    internal long SettledCount { get; private set; }

    /// <summary>Gets the number of bytes of the log that were read.</summary>
    internal (long Count, long Bytes) Frames => (_audit.Frames.Count, _audit.Frames.Bytes);

    /// <summary>Gets the number of files of the checkpoint and the log that an earlier owner has left.</summary>
    internal int LeftoverCount => _audit.Leftovers.Count;

    /// <summary>Gets the reports, counted again from bronze, in the order of the catalog; null if not all of it can
    /// be read.</summary>
    internal IReadOnlyList<ReportPart>? Recounted { get; private set; }

    /// <summary>Reads what later commits replace. False if one came in between.</summary>
    internal bool TryPrepare()
    {
        var state = new LakeState(reports);
        if (PartitionAudit.Run(store, partition, section => state.Import(section)) is not { } audit)
        {
            return false;
        }

        _audit = audit;
        _snapshot = audit.HasSnapshot ? (state.Digest(), state.Ledger) : null;
        return true;
    }

    /// <summary>Does the rest.</summary>
    /// <param name="settlement">What became of a rejected record, by the registries of every partition.</param>
    internal void Run(Func<QuarantineId, QuarantineSettlement> settlement)
    {
        foreach (CorruptDataException damage in _audit.Damage)
        {
            findings.Damaged(damage);
        }

        if (_audit.View is { } view)
        {
            DataFile[] files = [.. view.Files.Values.OrderByDescending(file => file.Length)];
            var bronze = new BronzeRows(store, view, share, [.. _audit.Registry?.ExternalFileRegistry ?? [], .. _audit.InTheMiddle], zone, reports.Ids, work);
            bool[] isWhole = new bool[files.Length];
            work.For(files.Length, i => isWhole[i] = IsWhole(Place(view, files[i]), files[i].Length, files[i].Crc32C));
            var audit = new SilverAudit(store, bronze, zone, reports.Ids, countries, findings);
            LakeState? recounted = Recount(bronze, audit);
            AuditSilver(view, files, isWhole, audit);
            Close(view);
            CompareCounts(view, recounted);
            AuditQuarantine(view, files, settlement);
            Recounted = recounted is null ? null : [.. reports.Select(recounted.Part)];
        }
    }

    // Bronze in the order of its offsets into a state of its own; null if not all of it can be read.
    private LakeState? Recount(BronzeRows bronze, SilverAudit audit)
    {
        var state = new LakeState(reports);
        var applier = new BatchApplier(state, zone, work);
        bool isWhole = true;
        long next = bronze.First;
        var external = ExternalBronze.Registry(store);
        External = external.Scan(_audit.Registry ?? new Registry());
        foreach (BronzeSource file in bronze.Files)
        {
            if (file.FirstOffset != next)
            {
                findings.Damaged($"{LakePaths.BronzeData}: offsets {Math.Min(next, file.FirstOffset)} to {Math.Max(next, file.FirstOffset) - 1} are in {(next < file.FirstOffset ? "no file" : "two files")}, before {file.Path}; restore the lake from a backup", "bronze");
                isWhole = false;
            }

            // Of ours every byte was compared before.
            bool isLost = file.Entry is { } entry && IsLost(entry, external);
            isWhole &= TryRead(file.Path, () =>
            {
                foreach ((long offset, MessageBatch batch) in bronze.Read(file, isLost))
                {
                    applier.Apply(batch, offset, isInBronze: true);
                    audit.AddBronze(batch, offset);
                }
            });
            next = file.FirstOffset + file.Rows;
        }

        if (next != bronze.End)
        {
            findings.Damaged($"{LakePaths.BronzeData}: offsets {next} to {bronze.End - 1} are in no file; restore the lake from a backup", "bronze");
            isWhole = false;
        }

        if (!isWhole)
        {
            audit.LeaveOut();
            findings.Count(new CheckFinding("counted again from bronze", "all of it", "not all of bronze can be read", false));
        }

        return isWhole ? state : null;
    }

    // What was accepted needs no file any more.
    private bool IsLost(ExternalFileEntry entry, ExternalFileRegistry external)
    {
        if (entry.IsAccepted || External.Faults.Any(fault => fault.Entry == entry))
        {
            return true;
        }

        if (external.Compare(entry) is { } fault)
        {
            External = External with { Faults = [.. External.Faults, fault] };
            return true;
        }

        return false;
    }

    private void AuditSilver(ManifestView view, DataFile[] files, bool[] isWhole, SilverAudit audit)
    {
        int[] silver = [.. Enumerable.Range(0, files.Length).Where(i => files[i].Kind is DataKind.Messages or DataKind.MessagesCorrupted)];
        var added = new AddedAudit(store, zone, findings);
        foreach (DataFile bronze in files.Where(static file => file.Kind == DataKind.Bronze))
        {
            // Of what cannot be read the rows have said so.
            if (isWhole[Array.IndexOf(files, bronze)])
            {
                TryRead(bronze.Path, () => added.Audit(bronze, bronze.Path));
            }
        }

        work.For(silver.Length, n =>
        {
            DataFile file = files[silver[n]];
            string path = Place(view, file);
            bool isRead = TryRead(path, () =>
            {
                long rows = audit.Audit(file, path);
                added.Audit(file, path);
                if (rows != file.Rows)
                {
                    findings.Damaged($"{path}: it has {Counted.Of(rows, "row")}, and its manifest says {file.Rows}; `lake replay` rebuilds silver", "silver");
                }
            });
            if (!isRead || !isWhole[silver[n]])
            {
                audit.LeaveOut();
            }
        });
        TryRead(LakePaths.Silver, () => audit.Complete(view));
        added.Complete();
    }

    // The manifest alone: its counts by date add up, and each of them closes.
    private void Close(ManifestView view)
    {
        LedgerCounts total = view.Ledger.Total;
        var sum = default(LedgerCounts);
        foreach ((int day, LedgerCounts entry) in view.Ledger.ByDate)
        {
            sum += entry;
            if (!entry.IsClosed)
            {
                findings.Compare($"bronze of {LakeDates.Text(day) ?? "no date"} = messages + messages_corrupted", entry.Bronze, entry.Messages + entry.MessagesCorrupted);
            }
        }

        findings.Compare("bronze = messages + messages_corrupted", total.Bronze, total.Messages + total.MessagesCorrupted);
        findings.Compare("ledger = the sum of its dates", Text(total with { Rejected = 0 }), Text(sum));
        long silver = view.Files.Values.Where(file => file.Kind is DataKind.Messages or DataKind.MessagesCorrupted).Sum(file => file.Rows);
        findings.Compare("bronze = rows of silver's files", total.Bronze, silver);
    }

    private void CompareCounts(ManifestView view, LakeState? recounted)
    {
        if (recounted is null)
        {
            return;
        }

        Ledger counted = recounted.Ledger.WithRejected(view.Ledger.Total.Rejected);
        CompareLedgers("ledger", view.Ledger, counted);
        if (_snapshot is { } snapshot)
        {
            StateDigest digest = recounted.Digest();
            findings.Compare("keys", snapshot.Digest.Keys, digest.Keys);
            CompareLedgers("snapshot", snapshot.Ledger.WithRejected(view.Ledger.Total.Rejected), counted);
            bool isSame = snapshot.Digest == digest;
            findings.Compare("first occurrences = the earliest in bronze", "the same", isSame ? "the same" : "others");
            if (!isSame)
            {
                findings.Damaged($"{LakePaths.StateFolder(partition)}: the snapshot counts other messages than come first in bronze; `lake replay` rebuilds it", "snapshot");
            }
        }
    }

    private void CompareLedgers(string name, Ledger expected, Ledger counted)
    {
        findings.Compare($"{name} = counted again from bronze", Text(expected.Total), Text(counted.Total));
        foreach (int day in expected.ByDate.Keys.Union(counted.ByDate.Keys).Order())
        {
            LedgerCounts one = expected.ByDate.GetValueOrDefault(day);
            LedgerCounts other = counted.ByDate.GetValueOrDefault(day);
            if (one != other)
            {
                findings.Compare($"{name} of {LakeDates.Text(day) ?? "no date"}", Text(one), Text(other));
            }
        }
    }

    private void AuditQuarantine(ManifestView view, DataFile[] files, Func<QuarantineId, QuarantineSettlement> settlement)
    {
        long rejected = 0;
        var last = new QuarantineId(-1, 0, share.Place);
        foreach (DataFile file in files.Where(file => file.Kind == DataKind.Quarantine).OrderBy(file => file.FirstOffset))
        {
            TryRead(file.Path, () =>
            {
                foreach (QuarantineEntry entry in QuarantineReader.Read(store, share.Place, [file], [QuarantineRange.All], settlement))
                {
                    if (entry.Id <= last || entry.Id.Sequence < file.FirstOffset || entry.Id.Sequence > file.LastOffset)
                    {
                        findings.Damaged($"{file.Path}: record {entry.Id} does not belong behind {last}; restore the file", "quarantine");
                    }

                    last = entry.Id;
                    rejected++;
                    SettledCount += entry.Settlement.IsOpen ? 0 : 1;
                }
            });
        }

        findings.Compare("rejected", view.Ledger.Total.Rejected, rejected);
    }

    private static string Text(LedgerCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Bronze} = {counts.Messages} + {counts.MessagesCorrupted}, deduplicated {counts.Deduplicated}, rejected {counts.Rejected}");

    private string Place(ManifestView view, DataFile file) => PartitionReader.Locate(store, view.Manifest, file) ?? file.Path;

    private bool IsWhole(string path, long length, uint crc)
    {
        try
        {
            CompletedFile found = store.Checksum(path);
            if (found.Length == length && found.Crc32C == crc)
            {
                return true;
            }

            findings.Damaged($"{path}: its {found.Length} bytes are not the {length} that were written; restore it{IfSilver(path)}");
            return false;
        }
        catch (FileNotFoundException)
        {
            // It is reported when its rows are read.
            return false;
        }
    }

    private bool TryRead(string path, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (FileNotFoundException)
        {
            Interlocked.Increment(ref _missing);
            findings.Damaged($"{path} is missing; restore it{IfSilver(path)}");
        }
        catch (ParquetException e)
        {
            findings.Damaged($"{e.Message} Restore {path}{IfSilver(path)}.");
        }
        catch (CorruptDataException e)
        {
            findings.Damaged(e);
        }

        return false;
    }

    private static string IfSilver(string path) => path.StartsWith(LakePaths.Silver, StringComparison.Ordinal) ? ", or `lake replay`" : "";
}
