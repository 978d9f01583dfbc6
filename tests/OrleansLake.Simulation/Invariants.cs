using System.Buffers;
using System.Globalization;
using System.Text;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Simulation;

/// <summary>
/// The invariants of a lake, read without the engine's state: S is what was sent, A what was acknowledged, B what bronze
/// holds. Each failure names what was found.
/// </summary>
internal static class Invariants
{
    private static readonly PartitionId Partition = new(0);
    private static readonly ParallelWork Work = new(1);

    /// <summary>Checks what readers without a lock may see at any moment: reports and counts as of the newest manifest.</summary>
    public static void CheckReaders(FaultyMemoryStore store, Workload workload)
    {
        if (store.Find(LakePaths.Description) is null)
        {
            Assert.Equal(0, workload.AcknowledgedCount);
            return;
        }

        ManifestView? view = PartitionReader.ReadLatest(store, Partition);
        List<SentMessage> messages = Prefix(workload, view?.Manifest.Applied.Offset ?? 0);
        LakeReader reader = LakeReader.Open(store, new SteppingClock());

        // Gold follows the manifest; the next start makes it right.
        ExpectNone(reader.Check(1).Findings.Where(finding => !finding.Name.Contains("report", StringComparison.Ordinal) && !IsToBeSwept(finding)));
        CheckReports(messages, name => Text(reader.Report(name)));
    }

    /// <summary>Checks what must hold when the lake has settled: everything in bronze is published.</summary>
    public static void CheckSettled(FaultyMemoryStore store, Workload workload)
    {
        ManifestView view = PartitionReader.ReadLatest(store, Partition)!;
        List<SentMessage> bronze = Bronze(store, view);
        List<Unit> units = WholeUnits(workload, bronze);
        Assert.True(units.Count >= workload.AcknowledgedCount, $"{workload.AcknowledgedCount} were acknowledged, {units.Count} are there");
        CheckSettled(store, view, bronze, units, workload.Open());
        if (workload.Keep is not null)
        {
            CheckKept(store, view, units);
        }
    }

    // Of each message what it was sent with, in bronze and in silver; of another program's nothing.
    private static void CheckKept(FaultyMemoryStore store, ManifestView view, List<Unit> units)
    {
        HashSet<string> sent = [.. units.Where(static unit => unit.Kind != UnitKind.Foreign).SelectMany(static unit => unit.Messages).Select(static message => message.Value)];
        foreach (DataFile file in view.Files.Values.Where(static file => file.Kind != DataKind.Quarantine))
        {
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(file.Path), file.Path);
            Assert.Null(KeptCheck.FindFault(reader, sent.Contains));
        }
    }

    /// <summary>Checks what must hold of a lake that has settled, whose bronze is known to be what was sent.</summary>
    /// <param name="store">The store.</param>
    /// <param name="view">Its newest manifest.</param>
    /// <param name="bronze">What bronze holds.</param>
    /// <param name="units">Which units that is, in order.</param>
    /// <param name="lake">The lake's owner.</param>
    public static void CheckSettled(FaultyMemoryStore store, ManifestView view, List<SentMessage> bronze, IReadOnlyList<Unit> units, Lake lake)
    {
        CheckSilver(store, view, bronze);
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        ExpectNone(reader.Check(1).Findings.Concat(reader.CheckDeep(1).Findings));
        CheckReports(bronze, name => Text(reader.Report(name)));
        CheckReports(bronze, name => Text(lake.Report(LakeReports.All.Single(report => report.Name == name))));
        Assert.Equal(
            units.SelectMany(unit => unit.Rejections).Select(rejection => Encoding.UTF8.GetString(rejection.Raw)).Order(StringComparer.Ordinal),
            reader.Quarantine().Select(entry => Encoding.UTF8.GetString(entry.Rejection.Raw)).Order(StringComparer.Ordinal));
        CheckLedger(view.Ledger.Total, bronze, units);
        string[] leftovers = [.. store.List("", recursive: true).Select(file => file.Path)
            .Where(path => path.EndsWith(".tmp", StringComparison.Ordinal) && path.Contains('/', StringComparison.Ordinal))];
        Assert.Empty(leftovers);
    }

    private static void CheckLedger(LedgerCounts total, List<SentMessage> bronze, IReadOnlyList<Unit> units)
    {
        Assert.Equal(bronze.Count, total.Bronze);
        Assert.Equal(bronze.Count(message => Oracle.IsCorrupted(message.Fields)), total.MessagesCorrupted);
        Assert.Equal(bronze.Count(message => !Oracle.IsCorrupted(message.Fields)), total.Messages);
        Assert.Equal(units.Sum(unit => unit.Rejections.Count), total.Rejected);
        Assert.Equal(Oracle.FirstOccurrences(bronze.Select(message => message.Fields)).Count, total.Deduplicated);
    }

    // A subset of B subset of S, byte for byte, without a hole: whole units, in the order in which they were sent.
    private static List<Unit> WholeUnits(Workload workload, List<SentMessage> bronze)
    {
        var units = new List<Unit>();
        int row = 0;
        foreach (Unit unit in workload.Sent)
        {
            if (row == bronze.Count)
            {
                break;
            }

            foreach (SentMessage message in unit.Messages)
            {
                Assert.True(row < bronze.Count, $"unit {unit.Number} is there in part");
                Assert.Equal(message, bronze[row++]);
            }

            units.Add(unit);
        }

        Assert.Equal(bronze.Count, row);
        if (units.Count < workload.Sent.Count && workload.Sent[units.Count].Messages.Count == 0)
        {
            units.Add(workload.Sent[units.Count]);
        }

        return units;
    }

    private static List<SentMessage> Prefix(Workload workload, long rows)
    {
        var messages = new List<SentMessage>();
        foreach (Unit unit in workload.Sent)
        {
            if (messages.Count < rows)
            {
                messages.AddRange(unit.Messages);
            }
        }

        Assert.Equal(rows, messages.Count);
        return messages;
    }

    /// <summary>Returns what bronze's files hold, in order.</summary>
    /// <param name="view">The manifest.</param>
    /// <param name="registry">The registry as of it.</param>
    /// <param name="read">Reads a file.</param>
    public static List<SentMessage> Bronze(ManifestView view, Registry registry, Func<string, List<SentMessage>> read)
    {
        long applied = view.Manifest.Applied.Offset;
        var files = view.Files.Values.Where(file => file.Kind == DataKind.Bronze).Select(file => (file.FirstOffset, file.Path))
            .Concat(registry.ExternalFileRegistry.Where(file => file.File.Refused is null && file.FirstOffset < applied).Select(file => (file.FirstOffset, Path: file.File.Name)))
            .Order();
        var bronze = new List<SentMessage>();
        foreach ((long first, string path) in files)
        {
            Assert.Equal(bronze.Count, first);
            bronze.AddRange(read(path));
        }

        // A commit may come in the middle of an external file.
        Assert.True(bronze.Count >= applied, $"bronze has {bronze.Count} rows, and {applied} are published");
        return bronze.GetRange(0, (int)applied);
    }

    private static List<SentMessage> Bronze(FaultyMemoryStore store, ManifestView view) =>
        Bronze(view, PartitionReader.ReadRegistry(store, view.Manifest), path => ReadFile(store, path));

    private static void CheckSilver(FaultyMemoryStore store, ManifestView view, List<SentMessage> bronze)
    {
        bool[] seen = new bool[bronze.Count];
        foreach (DataFile file in view.Files.Values.Where(file => file.Kind is DataKind.Messages or DataKind.MessagesCorrupted))
        {
            var offsets = new Int64Buffer();
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(file.Path), file.Path);
            var read = new List<long>();
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                reader.Read(group, "bronze_offset", offsets);
                read.AddRange(offsets.Values);
            }

            List<SentMessage> rows = ReadFile(store, file.Path);
            Assert.Equal(rows.Count, read.Count);
            for (int i = 0; i < rows.Count; i++)
            {
                SentMessage message = bronze[(int)read[i]];
                Assert.Equal(message, rows[i]);
                Assert.Equal(Oracle.IsCorrupted(message.Fields) ? DataKind.MessagesCorrupted : DataKind.Messages, file.Kind);
                Assert.Contains($"date={Oracle.Date(message.Fields) ?? LakePaths.DefaultDate}/", file.Path, StringComparison.Ordinal);
                Assert.False(seen[read[i]], $"offset {read[i]} is in silver twice");
                seen[read[i]] = true;
            }
        }

        Assert.DoesNotContain(false, seen);
    }

    private static void CheckReports(List<SentMessage> messages, Func<string, string> reportOf)
    {
        Assert.Equal(Oracle.Report1(messages.Select(message => message.Fields)), reportOf("report1"));
        Assert.Equal(Oracle.Report2(messages.Select(message => message.Fields)), reportOf("report2"));
    }

    private static void ExpectNone(IEnumerable<CheckFinding> findings)
    {
        CheckFinding[] wrong = [.. findings.Where(finding => !finding.IsRight)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong.Select(finding => finding.ToString())));
    }

    private static bool IsToBeSwept(CheckFinding finding) => finding.Found.Contains("readers by folder", StringComparison.Ordinal);

    /// <summary>A report as NDJSON.</summary>
    public static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The messages of a Parquet file.</summary>
    public static List<SentMessage> ReadFile(FaultyMemoryStore store, string path) =>
        [.. ExternalBronze.Read(store, path, LakeTimeZone.Utc, LakeDescription.Read(store).Ids, Work).SelectMany(Messages)];

    /// <summary>The messages of a batch.</summary>
    public static IEnumerable<SentMessage> Messages(MessageBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            byte[] id = new byte[batch.MessageIds.TextLength(row)];
            batch.MessageIds.CopyText(row, id);
            long? time = batch.Timestamps.IsNull(row) ? null : batch.Timestamps.Values[row];
            yield return new SentMessage(Encoding.UTF8.GetString(batch.Values[row]), new Message(
                time,
                batch.EventTypes.IsNull(row) ? null : Encoding.UTF8.GetString(batch.EventTypes[row]),
                Encoding.UTF8.GetString(id),
                batch.Channels.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Channels[row]),
                Number(batch.CountryIds[row]),
                Number(batch.UserIds[row]),
                time is { } micros ? LakeTimeZone.Utc.LocalDay(micros) : Core.State.LakeState.NoDay));
        }
    }

    // Whatever the type of a lake's ids is, they are these numbers.
    private static int? Number(IdValue? id) => id is { } known ? int.Parse(known.ToString(), CultureInfo.InvariantCulture) : null;
}
