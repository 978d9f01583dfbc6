using System.Globalization;
using OrleansLake.Engine;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Simulation.Worlds;

/// <summary>
/// Looks at a store from outside, as a reader without a lock does, and remembers what it saw: what is published stays
/// published, what was acknowledged is there, and reports are those of what is published.
/// </summary>
/// <remarks>
/// A manifest whose name is not durable yet can be seen, and be gone after a power failure; it is not remembered.
/// </remarks>
internal sealed class Witness(FaultyMemoryStore store, SteppingClock clock, IReadOnlyDictionary<int, WorldUnit> units, bool isWhole)
{
    private static readonly PartitionId Partition = new(0);

    private readonly Dictionary<string, List<SentMessage>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int), string> _reports = [];
    private long _number;
    private byte[] _manifest = [];
    private List<SentMessage> _published = [];

    /// <summary>Gets what bronze's files hold as of the newest manifest.</summary>
    public List<SentMessage> Published { get; private set; } = [];

    /// <summary>That, and what is in the log.</summary>
    public List<SentMessage> Visible { get; private set; } = [];

    /// <summary>The units that <see cref="Visible"/> consists of.</summary>
    public List<Unit> Units { get; private set; } = [];

    /// <summary>Looks, and fails if what is there cannot be.</summary>
    public void Look() => store.Observe(() =>
    {
        if (store.Find(LakePaths.Description) is not null)
        {
            LookNow();
        }
        else
        {
            CheckAcknowledged([]);
        }

        return true;
    });

    /// <summary>A report over the first messages of bronze, as NDJSON.</summary>
    public string Report(string name, List<SentMessage> bronze, int count)
    {
        if (!_reports.TryGetValue((name, count), out string? text))
        {
            IEnumerable<Message> messages = bronze.Take(count).Select(message => message.Fields);
            text = name == "report1" ? Oracle.Report1(messages) : Oracle.Report2(messages);
            if (ReferenceEquals(bronze, _published))
            {
                _reports.Add((name, count), text);
            }
        }

        return text;
    }

    private void LookNow()
    {
        ManifestView? view = PartitionReader.ReadLatest(store, Partition);
        Published = _published;
        if (view is not null)
        {
            CheckManifest(view);
        }

        Visible = [.. Published];
        AddLog(view);
        Units = Parse(Visible);
        CheckAcknowledged(Units);
        LakeReader reader = LakeReader.Open(store, clock);
        foreach (string name in (string[])["report1", "report2"])
        {
            Assert.Equal(Report(name, Published, Published.Count), Invariants.Text(reader.Report(name)));
        }
    }

    private void CheckManifest(ManifestView view)
    {
        Manifest manifest = view.Manifest;
        string path = LakePaths.Manifest(Partition, manifest.Number);
        byte[] bytes = store.ReadAll(path);
        Assert.True(manifest.Number >= _number, $"manifest {_number} is gone, the newest is {manifest.Number}");
        Assert.True(manifest.Number > _number || bytes.AsSpan().SequenceEqual(_manifest), $"manifest {manifest.Number} was given twice");
        Assert.True(view.Ledger.Total.IsClosed);
        foreach (DataFile file in view.Files.Values)
        {
            string? found = PartitionReader.Locate(store, manifest, file);
            Assert.True(found is not null && store.Find(found)?.Length == file.Length, $"{file.Path} is not as manifest {manifest.Number} names it");
        }

        if (manifest.Number > _number)
        {
            Published = Invariants.Bronze(view, PartitionReader.ReadRegistry(store, manifest), File);
            Assert.True(Published.Count >= _published.Count, $"{Published.Count} are published, {_published.Count} were");
            Assert.Equal(_published, Published.GetRange(0, _published.Count));
            if (store.IsDurable(path))
            {
                (_number, _manifest, _published) = (manifest.Number, bytes, Published);
            }
        }
    }

    private void AddLog(ManifestView? view)
    {
        if (view is null)
        {
            return;
        }

        IReadOnlyList<LogFrame>? frames = PartitionReader.ReadUnpublished(store, view.Manifest);
        Assert.NotNull(frames);
        foreach (LogFrame frame in frames)
        {
            IEnumerable<SentMessage> rows = frame.SourceProgress is SourceProgress.ExternalBronzeFile { Refused: null } foreign ? File(foreign.Name)
                : frame.Rows is { } batch ? Invariants.Messages(batch) : [];

            // Of an external file, a commit may have published the first rows.
            int known = (int)Math.Max(0, Visible.Count - frame.FirstOffset);
            Assert.Equal(Visible.Count, frame.FirstOffset + known);
            Visible.AddRange(rows.Skip(known));
        }
    }

    private List<SentMessage> File(string path)
    {
        if (!_files.TryGetValue(path, out List<SentMessage>? rows))
        {
            _files.Add(path, rows = Invariants.ReadFile(store, path));
        }

        return rows;
    }

    // Bronze is units, none of them twice; of a unit its messages in order, all of them unless it came in pieces.
    private List<Unit> Parse(List<SentMessage> bronze)
    {
        var found = new Dictionary<int, int>();
        for (int row = 0; row < bronze.Count; row++)
        {
            int number = int.Parse(bronze[row].Value.Split(' ')[1], CultureInfo.InvariantCulture);
            WorldUnit sent = units[number];
            int messages = found.GetValueOrDefault(number);
            Assert.True(messages < sent.Unit.Messages.Count && bronze[row] == sent.Unit.Messages[messages], $"row {row} is {bronze[row]}, message {messages} of unit {number} is not");
            Assert.True(messages > 0 || sent.Offset is null || sent.Offset == row, $"unit {number} was acknowledged at offset {sent.Offset} and is at {row}");
            Assert.False(sent.IsRefused, $"unit {number} was refused and is there");
            found[number] = messages + 1;
        }

        foreach ((int number, int messages) in found)
        {
            WorldUnit sent = units[number];
            bool mayBePart = sent.Unit.Kind == UnitKind.Text || (sent.Unit.Kind == UnitKind.Batch && !isWhole);
            Assert.True(messages == sent.Unit.Messages.Count || mayBePart, $"unit {number} is there in part");
            Assert.True(messages >= sent.Acknowledged, $"of unit {number} {sent.Acknowledged} were acknowledged, {messages} are there");
        }

        return [.. found.Keys.Select(number => units[number].Unit)];
    }

    private void CheckAcknowledged(List<Unit> found)
    {
        HashSet<int> numbers = [.. found.Select(unit => unit.Number)];
        foreach (WorldUnit sent in units.Values)
        {
            Assert.True(sent.Acknowledged == 0 || numbers.Contains(sent.Unit.Number), $"unit {sent.Unit.Number} was acknowledged and is not there");
        }
    }
}
