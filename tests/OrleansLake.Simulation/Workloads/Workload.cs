using OrleansLake.Core.Columns;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Simulation.Stores;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Simulation.Workloads;

/// <summary>
/// Steps on a lake, each of which may be tried again: the producer numbers its batches and asks the lake which it has.
/// It keeps what was sent and what was acknowledged, outside the lake.
/// </summary>
public sealed class Workload
{
    private const string Producer = "simulated";

    private readonly FaultyMemoryStore _store;
    private readonly IReadOnlyList<WorkStep> _steps;
    private readonly SentUnits _units;
    private readonly ILakeStore _view;
    private readonly SteppingClock _clock = new();
    private Lake? _lake;
    private int _next;

    public Workload(FaultyMemoryStore store, int seed, IReadOnlyList<WorkStep> steps)
    {
        _store = store;
        _view = store;
        _steps = steps;
        _units = new SentUnits();
        foreach (WorkStep step in steps)
        {
            if (step is WorkStep.Send or WorkStep.Foreign)
            {
                _units.All.Add(Unit.Make(seed, _units.All.Count, step == WorkStep.Foreign ? UnitKind.Foreign : UnitKind.Batch));
            }
        }
    }

    /// <summary>Another process that works for the same producer, and sees the store in its own way.</summary>
    public Workload(FaultyMemoryStore store, ILakeStore view, SentUnits units)
    {
        _store = store;
        _view = view;
        _steps = [];
        _units = units;
    }

    /// <summary>The steps that every fault is tried on.</summary>
    public static IReadOnlyList<WorkStep> Fixed { get; } =
    [
        WorkStep.Send, WorkStep.Send, WorkStep.Commit, WorkStep.Send, WorkStep.Foreign, WorkStep.Send, WorkStep.Send, WorkStep.Commit, WorkStep.Send, WorkStep.Replay,
        WorkStep.Send, WorkStep.Commit, WorkStep.Send, WorkStep.Reopen, WorkStep.Foreign, WorkStep.Send, WorkStep.Commit, WorkStep.Commit, WorkStep.Send, WorkStep.Replay,
        WorkStep.Send, WorkStep.Commit,
    ];

    /// <summary>Gets what the lake keeps of records beside their messages; null: nothing.</summary>
    public KeptFields? Keep { get; init; }

    /// <summary>Gets the types of the lake's ids.</summary>
    public IdTypes Ids { get; init; } = IdTypes.Default;

    /// <summary>Units that were sent, whole or in part, in order.</summary>
    public IReadOnlyList<Unit> Sent => _units.All.GetRange(0, _units.SentCount);

    /// <summary>Gets the number of units that were acknowledged.</summary>
    public int AcknowledgedCount => _units.AcknowledgedCount;

    /// <summary>Mistakes of the engine.</summary>
    public PlantedBug Bug { get; init; }

    public bool IsDone => _next == _steps.Count;

    /// <summary>Steps that follow from a seed.</summary>
    public static IReadOnlyList<WorkStep> Random(int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, random.Next(8, 30)).Select(_ => random.Next(16) switch
            {
                < 8 => WorkStep.Send,
                < 12 => WorkStep.Commit,
                < 14 => WorkStep.Foreign,
                14 => WorkStep.Replay,
                _ => WorkStep.Reopen,
            }),
        ];
    }

    /// <summary>Continues until all steps are done or something is thrown; then it may be called again.</summary>
    public void Run()
    {
        while (!IsDone)
        {
            Lake lake = Open();
            Do(_steps[_next], lake);
            _next++;
        }
    }

    /// <summary>Opens the lake, if it is not open.</summary>
    public Lake Open()
    {
        _lake ??= Lake.Open(_view, Options);
        if (Keep is not null && LakeColumns.Added(Options).IsEmpty)
        {
            Close();
            Assert.True(AddedColumn.TryCreate(SentAttributes.Column, "string", $"attributes.{SentAttributes.Column}", out AddedColumn? column, out _));
            Wait(LakeColumns.AddAsync(Options, column));
            _lake = Lake.Open(_view, Options);
        }

        return _lake;
    }

    private LakeOptions Options => new()
    {
        Store = _view,
        Path = "memory",
        Create = true,
        Threads = 1,
        Clock = _clock,
        PendingRowsMax = 24,
        Keep = Keep,
        UserId = Ids.User,
        CountryId = Ids.Country,
        Countries = Ids.Country == IdType.Text ? CountryTable.FromCsv(CountryTable.Notebook.ToCsv(), IdType.Text) : null,
        Partition = new PartitionStoreOptions { SegmentBytes = 4096, ManifestsKept = 2, BaseListChangesMin = 4, MergeFanIn = 2 },
    };

    /// <summary>Publishes whatever the lake has, and makes gold right.</summary>
    public void Settle() => Wait(Open().RunAsync(new RunOptions { UntilCaughtUp = true }));

    /// <summary>Closes the lake as a process does that ends well.</summary>
    public void Close()
    {
        _lake?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _lake = null;
    }

    /// <summary>The process is gone; the next one opens the lake again.</summary>
    public void Abandon() => _lake = null;

    /// <summary>Sends a unit, unless the lake has it, and waits until it is durable.</summary>
    public void Send(Unit unit)
    {
        Lake lake = Open();
        _units.SentCount = Math.Max(_units.SentCount, unit.Number + 1);
        if (lake.Partition.Registry.BatchOf(Producer, unit.Number) is null)
        {
            lake.Partition.Accept(new FrameContent
            {
                Rows = unit.Batch(Keep ?? KeptFields.None, Ids),
                SourceProgress = new SourceProgress.ProducerBatch(Producer, unit.Number),
                RejectedSource = Producer,
                Rejections = [.. unit.Rejections],
            });
        }

        lake.Partition.Flush();
        _units.AcknowledgedCount = Math.Max(AcknowledgedCount, unit.Number + 1);
    }

    /// <summary>Publishes what is durable.</summary>
    public void Commit()
    {
        Lake lake = Open();
        if (Bug.HasFlag(PlantedBug.ApplyTwice))
        {
            Mutation.ApplyEarly(lake);
        }

        Wait(lake.CommitAsync());
        if (Bug.HasFlag(PlantedBug.DropRetraction))
        {
            Mutation.KeepLoser(lake);
        }
    }

    private void Do(WorkStep step, Lake lake)
    {
        switch (step)
        {
            case WorkStep.Send:
                Send(_units.All[UnitOf(_next)]);
                break;
            case WorkStep.Foreign:
                Unit unit = _units.All[UnitOf(_next)];
                if (unit.Number == _units.SentCount)
                {
                    _store.Put(unit.Path, unit.ExternalBytes(Ids));
                    _units.SentCount++;
                }

                Settle();
                _units.AcknowledgedCount = Math.Max(AcknowledgedCount, unit.Number + 1);
                break;
            case WorkStep.Commit:
                Commit();
                break;
            case WorkStep.Replay:
                Wait(lake.ReplayAsync());
                break;
            default:
                Close();
                Open();
                break;
        }
    }

    private int UnitOf(int step) => _steps.Take(step).Count(before => before is WorkStep.Send or WorkStep.Foreign);

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
