using System.Buffers;
using System.Globalization;
using OrleansLake.Core;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Checking;

/// <summary>
/// Counts every file of a manifest again, from the rows themselves, and compares the counts with the ledger:
/// bronze = messages + messages_corrupted, deduplicated = sum of each report. Of the log it reads what a start reads. While somebody writes, gold of an earlier
/// manifest is right: it comes a moment after its own.
/// </summary>
internal sealed class LakeCheck(ILakeStore store, LakeView view, ReportCatalog reports, ParallelWork work, bool isWrittenTo)
{
    private readonly List<CheckFinding> _findings = [];

    /// <summary>
    /// Gets a value indicating whether silver holds files of ours that a later manifest may be about to name, or gold is not of this manifest:
    /// then a commit may be under way, and it is worth a second look.
    /// </summary>
    internal bool MayBeInTheMiddle { get; private set; }

    internal CheckResult Run()
    {
        try
        {
            return Count();
        }
        catch (CorruptDataException e)
        {
            _findings.Add(new CheckFinding("checkpoint", "as it was written", e.Message, false) { IsDamage = true });
        }
        catch (FileNotFoundException e)
        {
            _findings.Add(new CheckFinding("checkpoint", "as it was written", $"{e.FileName} is missing; restore the lake from a backup", false) { IsDamage = true });
        }

        return new CheckResult(_findings);
    }

    private CheckResult Count()
    {
        (DataFile File, Manifest Manifest)[] named = [.. view.Partitions.SelectMany(one => one.Files.Values.Select(file => (file, one.Manifest))).OrderByDescending(f => f.file.Length)];
        DataFile[] files = [.. named.Select(f => f.File)];
        Registry[] registries = [.. view.Manifests.Select(manifest => PartitionReader.ReadRegistry(store, manifest))];
        ExternalFileEntry[][] entries =
        [
            .. registries.SelectMany(registry => registry.ExternalFileRegistry).Where(f => f.File.Refused is null)
                .GroupBy(f => (f.File.Name, f.File.Size, f.File.Crc32C)).Select(shares => shares.ToArray()),
        ];
        var external = ExternalBronze.Registry(store);
        FolderSurvey look = external.Look();
        List<ExternalFile> open = ExternalFile.Open([.. registries.Select(registry => external.Scan(registry, look))]);
        long[] rows = new long[files.Length];
        long[] externalRows = new long[entries.Length];
        string?[] faults = new string?[files.Length];
        var found = new ExternalFile?[entries.Length];
        work.For(files.Length, i => (rows[i], faults[i]) = Count(named[i].File, named[i].Manifest));
        work.For(entries.Length, i => (externalRows[i], found[i]) = CountExternal(entries[i], open));

        LedgerCounts total = view.Ledger.Total;
        long Sum(DataKind kind) => files.Select((f, i) => f.Kind == kind ? rows[i] : 0).Sum();
        long bronze = Sum(DataKind.Bronze) + externalRows.Sum();
        long messages = Sum(DataKind.Messages);
        long corrupted = Sum(DataKind.MessagesCorrupted);
        Compare("bronze", total.Bronze, bronze);
        Compare("messages", total.Messages, messages);
        Compare("messages_corrupted", total.MessagesCorrupted, corrupted);
        Compare("rejected", total.Rejected, Sum(DataKind.Quarantine));
        Compare("bronze = messages + messages_corrupted", bronze, messages + corrupted);
        CompareDates(files, rows);
        var parts = new Lazy<ReportPart[][]>(ReadParts);
        for (int report = 0; report < reports.Count; report++)
        {
            CompareReport(report, total.Deduplicated, parts);
        }

        foreach (string fault in faults.OfType<string>())
        {
            _findings.Add(new CheckFinding("file", "as it was written", fault, false) { IsDamage = true });
        }

        foreach (ExternalFile file in found.OfType<ExternalFile>().Concat(open.Where(file => file.IsUnknown)).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            _findings.Add(CheckFinding.Of(file));
        }

        CompareLedger();
        FindUnnamed();
        CheckLogs();
        return new CheckResult(_findings);
    }

    private void CompareDates(DataFile[] files, long[] rows)
    {
        var counted = new Dictionary<(DataKind Kind, string Date), long>();
        for (int i = 0; i < files.Length; i++)
        {
            if (files[i].Kind is DataKind.Messages or DataKind.MessagesCorrupted)
            {
                (DataKind, string) key = (files[i].Kind, DateOf(files[i].Path));
                counted[key] = counted.GetValueOrDefault(key) + rows[i];
            }
        }

        int dates = 0;
        foreach ((int day, LedgerCounts entry) in view.Ledger.ByDate.OrderBy(d => d.Key))
        {
            string date = DataFileWriter.DateFolder(day);
            counted.Remove((DataKind.Messages, date), out long messages);
            counted.Remove((DataKind.MessagesCorrupted, date), out long corrupted);
            dates++;
            if (messages != entry.Messages || corrupted != entry.MessagesCorrupted)
            {
                Compare($"messages of {date}", entry.Messages, messages);
                Compare($"messages_corrupted of {date}", entry.MessagesCorrupted, corrupted);
            }
        }

        foreach (((DataKind kind, string date), long found) in counted)
        {
            Compare($"{(kind == DataKind.Messages ? "messages" : "messages_corrupted")} of {date}", 0, found);
        }

        Compare("dates", view.Ledger.ByDate.Count, dates);
    }

    // The reports of every partition's state, of which one at a time is in memory.
    private ReportPart[][] ReadParts() =>
    [
        .. view.Manifests.Select(manifest =>
        {
            LakeState read = SnapshotState.Read(store, manifest, reports);
            return (ReportPart[])[.. reports.Select(read.Part)];
        }),
    ];

    private void CompareReport(int index, long deduplicated, Lazy<ReportPart[][]> parts)
    {
        ReportDefinition report = reports[index];
        string path = LakePaths.GoldFile(report.Name);
        try
        {
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
            ReportTable table = GoldFiles.Read(reader, report);
            if (!GoldFiles.IsOf(reader, view.Manifests))
            {
                MayBeInTheMiddle = true;
                _findings.Add(new CheckFinding(path, $"as of offset {view.Position}", $"as of offset {GoldFiles.Number(reader, GoldFiles.PositionKey)}: `lake run` writes it again", isWrittenTo)
                {
                    IsBehind = !isWrittenTo && GoldFiles.IsBefore(reader, view.Manifests),
                });
                return;
            }

            long cells = 0;
            for (int column = 0; column < table.Columns.Count; column++)
            {
                if (table.Columns[column].Type == ReportColumnType.Count && column != table.TotalIndex)
                {
                    foreach (long count in table.Counts(column).Values)
                    {
                        cells += count;
                    }
                }
            }

            Compare($"deduplicated = sum of {report.Name}", deduplicated, table.GrandTotal);
            Compare($"cells of {report.Name} = its totals", table.GrandTotal, cells);
            if (!Text(table).AsSpan().SequenceEqual(Text(GoldNames.Of(view.Manifests, report.Name).Apply(ReportPart.Sum(report, [.. parts.Value.Select(part => part[index])])))))
            {
                _findings.Add(new CheckFinding(path, "the rows that the state counts", "other rows; remove the file, and `lake run` writes it again", false));
            }
        }
        catch (FileNotFoundException) when (view.Ledger.Total.Bronze == 0)
        {
            Compare($"deduplicated = sum of {report.Name}", deduplicated, 0);
        }
        catch (FileNotFoundException)
        {
            FindMissing(report.Name, path);
        }
        catch (ParquetException e)
        {
            _findings.Add(new CheckFinding($"deduplicated = sum of {report.Name}", Text(deduplicated), e.Message, false));
        }
    }

    private void FindMissing(string name, string shownAs)
    {
        MayBeInTheMiddle = true;
        bool isBehind = !GoldFiles.HasBeen(store, reports, view.Manifests, name);
        _findings.Add(new CheckFinding(shownAs, $"as of offset {view.Position}", isBehind ? "not there yet: `lake run` writes it" : "missing: `lake run` writes it again", isBehind && isWrittenTo)
        {
            IsBehind = isBehind && !isWrittenTo,
        });
    }

    private void CompareLedger()
    {
        const string name = "ledger in gold, report by date";
        string path = LakePaths.GoldFile(LakePaths.Ledger);
        try
        {
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
            bool isOf = GoldFiles.IsOf(reader, view.Manifests);
            MayBeInTheMiddle |= !isOf;
            _findings.Add(new CheckFinding(name, $"as of offset {view.Position}", isOf ? $"as of offset {view.Position}" : $"{path} is of another commit: `lake run` writes it again", isOf || isWrittenTo)
            {
                IsBehind = !isOf && !isWrittenTo && GoldFiles.IsBefore(reader, view.Manifests),
            });
        }
        catch (FileNotFoundException) when (view.Ledger.Total == default)
        {
            _findings.Add(new CheckFinding(name, path, path, true));
        }
        catch (FileNotFoundException)
        {
            FindMissing(LakePaths.Ledger, name);
        }
        catch (ParquetException e)
        {
            MayBeInTheMiddle = true;
            _findings.Add(new CheckFinding(name, path, e.Message, false));
        }
    }

    private void FindUnnamed()
    {
        var moved = view.Manifests.SelectMany(manifest => manifest.PendingLinks).Select(l => l.Temporary).ToHashSet(StringComparer.Ordinal);
        var removed = view.Manifests.SelectMany(manifest => manifest.PendingRemovals).ToHashSet(StringComparer.Ordinal);
        foreach (FileEntry file in store.List(LakePaths.Silver, recursive: true))
        {
            if (file.Path.EndsWith(DataFileName.Extension, StringComparison.Ordinal) && !view.Names(file.Path)
                && !moved.Contains(file.Path) && !removed.Contains(file.Path))
            {
                MayBeInTheMiddle |= view.MayBeNamedNext(file.Path);
                _findings.Add(new CheckFinding("file", "none that the lake does not name", $"{file.Path}: readers by folder count its rows; remove it", false));
            }
        }
    }

    // What was acknowledged and is in no data file yet is there only.
    private void CheckLogs()
    {
        Manifest[] manifests = [.. view.Manifests];
        var damages = new CorruptDataException?[manifests.Length];
        work.For(manifests.Length, i => damages[i] = PartitionReader.FindDamageInLog(store, manifests[i]));
        foreach (CorruptDataException damage in damages.OfType<CorruptDataException>())
        {
            _findings.Add(new CheckFinding("log", "as it was written", damage.Message, false) { IsDamage = true });
        }
    }

    // Of one that is not what it was, or that some partitions have not committed yet, the rows that were ingested of it count.
    private (long Rows, ExternalFile? Fault) CountExternal(ExternalFileEntry[] shares, List<ExternalFile> open)
    {
        long taken = shares.Sum(share => share.File.Rows);
        SourceProgress.ExternalBronzeFile file = shares[0].File;
        if (Array.TrueForAll(shares, share => share.IsAccepted))
        {
            return (taken, null);
        }

        if (open.Find(one => one.IsUnsettled && one.Path == file.Name) is { } known)
        {
            return (taken, known);
        }

        // A scan trusts times and lengths: here every byte is read.
        var external = ExternalBronze.Registry(store);
        if (external.Compare(shares[0]) is { } fault)
        {
            return (taken, ExternalFile.Of(fault) with { Rows = taken });
        }

        try
        {
            (long rows, string? reason) = CountRows(file.Name, null);
            return reason is not null
                ? (taken, new ExternalFile(file.Name, ExternalFileState.Unreadable) { Rows = taken, Bytes = file.Size, Reason = reason })
                : (shares.Length < view.Manifests.Count ? taken : rows, null);
        }
        catch (Exception e) when (e is FileNotFoundException or UnauthorizedAccessException)
        {
            // It went since, or may no longer be read.
            return (taken, external.Compare(shares[0]) is { } since ? ExternalFile.Of(since) with { Rows = taken } : null);
        }
    }

    private (long Rows, string? Fault) Count(DataFile file, Manifest manifest)
    {
        string path = PartitionReader.Locate(store, manifest, file) ?? file.Path;
        (long Rows, string? Fault) counted = Count(path, file.Length, file.Crc32C, file.Kind);

        // The process that completes the commit may have given the file its name in the middle of that.
        return counted.Fault is not null && path != file.Path && store.Find(path) is null
            ? Count(file.Path, file.Length, file.Crc32C, file.Kind)
            : counted;
    }

    private (long Rows, string? Fault) Count(string path, long length, uint crc, DataKind? kind)
    {
        try
        {
            CompletedFile bytes = store.Checksum(path);
            if (bytes.Length != length || bytes.Crc32C != crc)
            {
                return (0, $"{path}: its {bytes.Length} bytes are not the {length} that were written; restore it{IfSilver(kind)}");
            }

            return CountRows(path, kind);
        }
        catch (FileNotFoundException)
        {
            return (0, $"{path} is missing; restore it{IfSilver(kind)}");
        }
    }

    private (long Rows, string? Fault) CountRows(string path, DataKind? kind)
    {
        try
        {
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
            long rows = 0;
            var numbers = new Int64Buffer();
            var texts = new BytesBuffer();
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                if (kind is null)
                {
                    // Another program's, of whatever types.
                    rows += reader.Columns.FirstOrDefault(static column => column is { StoredAs: not null, IsRepeated: false }) is { } column
                        ? StoredValues.Read(reader, group, column).Count : reader.RowCountOf(group);
                }
                else if (kind == DataKind.Quarantine)
                {
                    reader.Read(group, "reason", texts);
                    rows += texts.Count;
                }
                else
                {
                    reader.Read(group, kind is DataKind.Messages or DataKind.MessagesCorrupted ? "bronze_offset" : "timestamp", numbers);
                    rows += numbers.Count;
                }
            }

            return (rows, null);
        }
        catch (ParquetException e)
        {
            return (0, e.Message);
        }
    }

    private static string IfSilver(DataKind? kind) => kind is DataKind.Messages or DataKind.MessagesCorrupted ? ", or `lake replay`" : "";

    private void Compare(string name, long expected, long found) =>
        _findings.Add(new CheckFinding(name, Text(expected), Text(found), expected == found));

    private static byte[] Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return text.WrittenSpan.ToArray();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string DateOf(string path)
    {
        string folder = path[..path.LastIndexOf('/')];
        return folder[(folder.LastIndexOf("date=", StringComparison.Ordinal) + 5)..];
    }
}
