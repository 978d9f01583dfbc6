using System.Buffers;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Testing;

namespace OrleansLake.Simulation;

/// <summary>
/// What must hold of a lake, read without the engine's state: S is what was sent, A what was acknowledged, B what bronze
/// holds. Each failure names what was found.
/// </summary>
internal static class Invariants
{
    private static readonly PartitionId Partition = new(0);
    private static readonly ParallelWork Work = new(1);

    /// <summary>What readers without a lock may see at any moment: reports and counts as of the newest manifest.</summary>
    public static void CheckReaders(FaultyMemoryStore store, Workload workload)
    {
        if (store.Find(LakePaths.Description) is null)
        {
            Assert.Equal(0, workload.AcknowledgedCount);
            return;
        }

        ManifestView? view = PartitionReader.ReadLatest(store, Partition);
        List<SimulatedMessage> messages = Prefix(workload, view?.Manifest.Applied.Offset ?? 0);
        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        foreach (CheckFinding finding in reader.Check(1).Findings)
        {
            // Gold follows the manifest; the next start makes it right.
            Assert.True(finding.IsRight || finding.Name.Contains("report", StringComparison.Ordinal) || IsToBeSwept(finding), finding.ToString());
        }

        CheckReports(messages, name => Text(reader.Report(name)));
    }

    /// <summary>What must hold when the lake has settled: everything in bronze is published.</summary>
    public static void CheckSettled(FaultyMemoryStore store, Workload workload)
    {
        ManifestView view = PartitionReader.ReadLatest(store, Partition)!;
        List<SimulatedMessage> bronze = Bronze(store, view);
        List<Unit> units = WholeUnits(workload, bronze);
        Assert.True(units.Count >= workload.AcknowledgedCount, $"{workload.AcknowledgedCount} were acknowledged, {units.Count} are there");
        CheckSilver(store, view, bronze);

        LakeReader reader = LakeReader.Open(store, new SteppingClock());
        foreach (CheckFinding finding in reader.Check(1).Findings)
        {
            Assert.True(finding.IsRight, finding.ToString());
        }

        CheckReports(bronze, name => Text(reader.Report(name)));
        CheckReports(bronze, name => Text(workload.Open().Report(LakeReports.All.Single(report => report.Name == name))));
        Assert.Equal(
            units.SelectMany(unit => unit.Rejections).Select(rejection => Encoding.UTF8.GetString(rejection.Raw)),
            reader.Quarantine().Select(entry => Encoding.UTF8.GetString(entry.Rejection.Raw)));
        CheckLedger(view.Ledger.Total, bronze, units);
        string[] leftovers = [.. store.List("", recursive: true).Select(file => file.Path)
            .Where(path => path.EndsWith(".tmp", StringComparison.Ordinal) && path.Contains('/', StringComparison.Ordinal))];
        Assert.Empty(leftovers);
    }

    private static void CheckLedger(LedgerEntry total, List<SimulatedMessage> bronze, List<Unit> units)
    {
        Assert.Equal(bronze.Count, total.Bronze);
        Assert.Equal(bronze.Count(message => Oracle.IsCorrupted(message.Fields)), total.MessagesCorrupted);
        Assert.Equal(bronze.Count(message => !Oracle.IsCorrupted(message.Fields)), total.Messages);
        Assert.Equal(units.Sum(unit => unit.Rejections.Count), total.Rejected);
        Assert.Equal(Oracle.FirstOccurrences(bronze.Select(message => message.Fields)).Count, total.Deduplicated);
    }

    // A subset of B subset of S, byte for byte, without a hole: whole units, in the order in which they were sent.
    private static List<Unit> WholeUnits(Workload workload, List<SimulatedMessage> bronze)
    {
        var units = new List<Unit>();
        int row = 0;
        foreach (Unit unit in workload.Sent)
        {
            if (row == bronze.Count)
            {
                break;
            }

            foreach (SimulatedMessage message in unit.Messages)
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

    private static List<SimulatedMessage> Prefix(Workload workload, long rows)
    {
        var messages = new List<SimulatedMessage>();
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

    private static List<SimulatedMessage> Bronze(FaultyMemoryStore store, ManifestView view)
    {
        var files = view.Files.Values.Where(file => file.Kind == DataKind.Bronze).Select(file => (file.FirstOffset, file.Path))
            .Concat(PartitionReader.ReadRegistry(store, view.Manifest).ForeignFiles
                .Where(file => file.File.Refused is null).Select(file => (file.FirstOffset, Path: file.File.Name)))
            .Order();
        var bronze = new List<SimulatedMessage>();
        foreach ((long first, string path) in files)
        {
            Assert.Equal(bronze.Count, first);
            bronze.AddRange(Messages(store, path));
        }

        Assert.Equal(bronze.Count, view.Manifest.Applied.Offset);
        return bronze;
    }

    private static void CheckSilver(FaultyMemoryStore store, ManifestView view, List<SimulatedMessage> bronze)
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

            List<SimulatedMessage> rows = Messages(store, file.Path);
            Assert.Equal(rows.Count, read.Count);
            for (int i = 0; i < rows.Count; i++)
            {
                SimulatedMessage message = bronze[(int)read[i]];
                Assert.Equal(message, rows[i]);
                Assert.Equal(Oracle.IsCorrupted(message.Fields) ? DataKind.MessagesCorrupted : DataKind.Messages, file.Kind);
                Assert.Contains($"date={Oracle.Date(message.Fields) ?? LakePaths.DefaultDate}/", file.Path, StringComparison.Ordinal);
                Assert.False(seen[read[i]], $"offset {read[i]} is in silver twice");
                seen[read[i]] = true;
            }
        }

        Assert.DoesNotContain(false, seen);
    }

    private static void CheckReports(List<SimulatedMessage> messages, Func<string, string> reportOf)
    {
        Assert.Equal(Oracle.Report1(messages.Select(message => message.Fields)), reportOf("report1"));
        Assert.Equal(Oracle.Report2(messages.Select(message => message.Fields)), reportOf("report2"));
    }

    private static bool IsToBeSwept(CheckFinding finding) => finding.Found.Contains("readers by folder", StringComparison.Ordinal);

    private static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static List<SimulatedMessage> Messages(FaultyMemoryStore store, string path)
    {
        var messages = new List<SimulatedMessage>();
        foreach (MessageBatch batch in ForeignBronze.Read(store, path, LakeTimeZone.Utc, Work))
        {
            for (int row = 0; row < batch.Count; row++)
            {
                byte[] id = new byte[batch.MessageIds.TextLength(row)];
                batch.MessageIds.CopyText(row, id);
                long? time = batch.Timestamps.IsNull(row) ? null : batch.Timestamps.Values[row];
                messages.Add(new SimulatedMessage(Encoding.UTF8.GetString(batch.Values[row]), new Message(
                    time,
                    batch.EventTypes.IsNull(row) ? null : Encoding.UTF8.GetString(batch.EventTypes[row]),
                    Encoding.UTF8.GetString(id),
                    batch.Channels.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Channels[row]),
                    batch.CountryIds.IsNull(row) ? null : batch.CountryIds.Values[row],
                    batch.UserIds.IsNull(row) ? null : batch.UserIds.Values[row],
                    time is { } micros ? LakeTimeZone.Utc.LocalDay(micros) : Core.State.LakeState.NoDay)));
            }
        }

        return messages;
    }
}
