using OrleansLake.Engine;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Simulation.Worlds;

/// <summary>A process that has the lake open, or believes so.</summary>
internal sealed class LakeOwner(FaultyMemoryStore store, SteppingClock clock, int pieceBytes)
{
    private const string Producer = "simulated";

    private Lake? _lake;

    public bool IsOpen => _lake is not null;

    /// <summary>The owner that it is; null if the lake is not open.</summary>
    public Epoch? Epoch => _lake?.Partition.Epoch;

    /// <summary>Gets a value indicating whether a later owner has come: nothing may be acknowledged then.</summary>
    public bool IsStale => IsOpen && store.Observe(Highest) != Epoch;

    public Lake Open() => _lake ??= Lake.Open(store, new LakeOptions
    {
        Path = "memory",
        Create = true,
        Threads = 1,
        Clock = new UnhurriedClock(clock),
        PendingRowsMax = 24,
        SendPieceBytes = pieceBytes,
        Partition = new PartitionStoreOptions { SegmentBytes = 4096, ManifestsKept = 2, BaseListChangesMin = 4, MergeFanIn = 2 },
    });

    /// <summary>Sends a numbered batch.</summary>
    public SendOutcome Send(Unit unit) => Open().SendAsync(
        unit.Body(), new SendOptions { Key = SendKey.Batch(Producer, unit.Number), Source = Producer, WaitMax = TimeSpan.FromDays(40) }).GetAwaiter().GetResult();

    /// <summary>Takes lines in as they come through a pipe.</summary>
    /// <param name="unit">The lines.</param>
    /// <param name="pieceLines">The number of lines that come at once.</param>
    /// <param name="follow">Whether silver and gold follow.</param>
    /// <param name="acknowledged">Called with the number of lines that are durable.</param>
    public void TakeText(Unit unit, int pieceLines, bool follow, Action<long> acknowledged)
    {
        using var pipe = new PipeStream(unit.Lines().Chunk(pieceLines).Select(lines => lines.SelectMany(line => line).ToArray()));
        Wait(Open().IngestAsync(
            new IngestInput(pipe), new IngestOptions { FollowUp = follow, Acknowledged = acknowledged, ReadsInline = true }));
    }

    public void Commit() => Wait(Open().CommitAsync());

    public void CatchUp() => Wait(Open().RunAsync(new RunOptions { UntilCaughtUp = true }));

    public void Replay() => Wait(Open().ReplayAsync());

    public void Close()
    {
        Lake? lake = _lake;
        _lake = null;
        lake?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The process is gone, and the system has released its lock.</summary>
    public void Die()
    {
        if (_lake is { } lake)
        {
            _lake = null;
            store.WithoutEffect(() => Wait(lake.DisposeAsync().AsTask()));
        }
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private Epoch Highest() => Ownership.Highest(store, new PartitionId(0));
}
