using OrleansLake.Core;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation.Worlds;

/// <summary>
/// Processes, a disk and a clock, in which everything follows from one seed: who does what next, what goes wrong in the
/// middle of it, what a crash leaves. After every step a witness looks from outside; at the end the faults stop, and the
/// lake must become what was sent.
/// </summary>
/// <remarks>
/// One thread runs at a time. A process that stalls does so within an operation of the store: what others do meanwhile
/// is run from there, and then it continues with what it knew.
/// </remarks>
internal sealed class World
{
    private const int ZombiesMax = 2;
    private const int WholePieceBytes = 1024 * 1024;

    private readonly int _seed;
    private readonly Random _random;
    private readonly List<string> _history = [];
    private readonly Weather _weather;
    private readonly int _pieceBytes;
    private readonly SteppingClock _clock = new();
    private readonly Dictionary<int, WorldUnit> _units = [];
    private readonly List<LakeOwner> _zombies = [];
    private readonly Witness _witness;
    private LakeOwner _owner;
    private WorldUnit? _unanswered;
    private bool _isFull;
    private Exception? _violation;

    public World(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _weather = new Weather(_random);
        Store = new FaultyMemoryStore(seed);
        _pieceBytes = _random.Next(2) == 0 ? WholePieceBytes : _random.Next(100, 1000);
        _witness = new Witness(Store, _clock, _units, isWhole: _pieceBytes == WholePieceBytes);
        _owner = NewOwner();
    }

    public FaultyMemoryStore Store { get; }

    /// <summary>Runs all of it.</summary>
    public void Run()
    {
        try
        {
            for (int steps = _random.Next(10, 50); steps > 0; steps--)
            {
                Step();
            }

            _history.Add("rest");
            Settle();
            _owner.Die();
            _history.Add("rot");
            Rot();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\nThe world: {string.Join(", ", _history)}", e);
        }
    }

    private void Step()
    {
        WorldStep step = _weather.NextStep();
        WorldFault fault = _weather.NextFault();
        _history.Add(fault == WorldFault.None ? $"{step}" : $"{step} with {fault}");
        _isFull &= _random.Next(4) > 0;
        Store.Plan(PlanOf(fault));
        LakeOwner actor = step == WorldStep.ZombieActs && _zombies.Count > 0 ? _zombies[_random.Next(_zombies.Count)] : _owner;
        try
        {
            Do(step, actor);
        }
        catch (Exception e) when (IsRemembered(e))
        {
            throw;
        }
        catch (Exception) when (Store.HasCrashed)
        {
            // Whatever a process makes of it that it is gone.
            PowerOff();
        }
        catch (Exception e) when (e is LogClosedException or OwnershipLostException or LakeInUseException or LakeRefusedException)
        {
            Bury(actor);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It may try again, or give up.
            if (step == WorldStep.Replay || _random.Next(2) == 0)
            {
                Bury(actor);
            }
        }
        catch (Exception e) when (Store.HasLied && e is CorruptDataException or ParquetException or InvalidDataException or LakeException)
        {
            Bury(actor);
        }

        Store.Plan(FaultPlan.None);
        if (_violation is not null)
        {
            throw new InvalidOperationException("while a process stalled", _violation);
        }

        _witness.Look();
    }

    // A filter that lets everything through: it is part of the history no matter who catches it.
    private bool IsRemembered(Exception e)
    {
        _history[^1] += $": {e.GetType().Name}{(_isFull ? " (full)" : "")}";
        return false;
    }

    private FaultPlan PlanOf(WorldFault fault)
    {
        _isFull |= fault == WorldFault.DiskFull;
        int at = _random.Next(_random.Next(2) == 0 ? 30 : 250);
        FaultPlan plan = fault switch
        {
            WorldFault.Crash => new FaultPlan { CrashAtChange = at / 2 },
            WorldFault.Error => new FaultPlan { ErrorAt = at },
            WorldFault.LostAnswer => new FaultPlan { ErrorAt = at, ErrorsComeAfter = true },
            WorldFault.Errors => new FaultPlan { ErrorAt = at, ErrorsStay = true },
            WorldFault.TakenOver => new FaultPlan { MeanwhileAt = at, Meanwhile = () => Meanwhile(TakeOverAndWork) },
            WorldFault.ReadMeanwhile => new FaultPlan { MeanwhileAt = at, Meanwhile = () => Meanwhile(_witness.Look) },
            WorldFault.Stall => new FaultPlan { MeanwhileAt = at, Meanwhile = () => _clock.Stall(TimeSpan.FromMinutes(at)) },
            WorldFault.FlippedRead => new FaultPlan { LieAt = at },
            WorldFault.ShortRead => new FaultPlan { LieAt = at, LieIsShort = true },
            _ => FaultPlan.None,
        };

        // What stalls may then be hit by something else.
        if (plan.Meanwhile is not null && _random.Next(3) == 0)
        {
            plan = _random.Next(2) == 0 ? plan with { CrashAtChange = at / 2 } : plan with { ErrorAt = at + _random.Next(20) };
        }

        return _isFull && plan.ErrorAt < 0 ? plan with { ErrorAt = 0, ErrorsStay = true, IsDiskFull = true } : plan;
    }

    private void Do(WorldStep step, LakeOwner actor)
    {
        switch (step)
        {
            case WorldStep.Send:
                Send(actor);
                break;
            case WorldStep.Text:
                Text(actor);
                break;
            case WorldStep.Foreign:
                Foreign();
                break;
            case WorldStep.Commit:
                actor.Commit();
                break;
            case WorldStep.CatchUp:
                CatchUp(actor);
                break;
            case WorldStep.Replay:
                actor.Replay();
                break;
            case WorldStep.Read:
                Read(actor);
                break;
            case WorldStep.Close:
                actor.Close();
                break;
            case WorldStep.Kill:
                actor.Die();
                break;
            case WorldStep.PowerOff:
                PowerOff();
                break;
            case WorldStep.TakeOver:
                TakeOverAndWork();
                break;
            case WorldStep.ZombieActs:
                Act(actor);
                break;
            default:
                var by = TimeSpan.FromHours(_random.Next(-48, 48));
                _clock.Set(by);
                Store.JumpClock(by);
                break;
        }
    }

    // Any process may be asked to do any of this, whether the lake still is its own or not.
    private void Act(LakeOwner actor)
    {
        switch (_random.Next(8))
        {
            case 0 or 1 or 2:
                Send(actor);
                break;
            case 3 or 4:
                actor.Commit();
                break;
            case 5:
                Text(actor);
                break;
            case 6:
                CatchUp(actor);
                break;
            default:
                actor.Replay();
                break;
        }
    }

    private void Send(LakeOwner actor)
    {
        WorldUnit sent = _unanswered ?? New(UnitKind.Batch);
        _unanswered = sent;
        bool wasStale = actor.IsStale;
        Epoch? epoch = actor.Epoch;
        bool mayBeThere = sent.MayBeThere;
        sent.MayBeThere = true;
        SendOutcome outcome = actor.Send(sent.Unit);
        if (outcome.IsAcknowledged)
        {
            // What it had acknowledged before it lost the lake it may well say again; and it may have taken the lake back.
            Assert.False(wasStale && actor.Epoch == epoch && outcome.Status == SendStatus.Stored, $"unit {sent.Unit.Number} was acknowledged by one who had lost the lake");
            Assert.Equal(sent.Unit.Messages.Count, outcome.Accepted);
            sent.Offset ??= outcome.FirstOffset;
            Assert.Equal(sent.Offset, outcome.FirstOffset);
            sent.Acknowledged = sent.Unit.Messages.Count;
        }
        else
        {
            Assert.Contains(outcome.Status, (SendStatus[])[SendStatus.Busy, SendStatus.Unavailable]);
            sent.MayBeThere = mayBeThere || outcome.IsUnknown;
            sent.IsRefused = !sent.MayBeThere && sent.Acknowledged == 0;
        }

        if ((sent.IsRefused || sent.Acknowledged > 0) && ReferenceEquals(_unanswered, sent))
        {
            _unanswered = null;
        }

        if (outcome.Status == SendStatus.Unavailable)
        {
            throw new LogClosedException($"{outcome.Reason}");
        }
    }

    private void Text(LakeOwner actor)
    {
        WorldUnit sent = New(UnitKind.Text);
        bool wasStale = actor.IsStale;
        Epoch? epoch = actor.Epoch;
        actor.TakeText(sent.Unit, _random.Next(1, 9), _random.Next(2) == 0, count =>
        {
            // It may have taken the lake back.
            Assert.False(wasStale && actor.Epoch == epoch, $"unit {sent.Unit.Number} was acknowledged by one who had lost the lake");
            sent.Acknowledged = (int)count;
        });
        Assert.Equal(sent.Unit.Messages.Count, sent.Acknowledged);
    }

    private void Foreign()
    {
        if (Store.Observe(() => Store.Find(LakePaths.Description)) is not null)
        {
            WorldUnit sent = New(UnitKind.Foreign);
            Store.Put(sent.Unit.Path, sent.Unit.ExternalBytes());
        }
    }

    private void CatchUp(LakeOwner actor)
    {
        WorldUnit[] there = [.. _units.Values.Where(sent => sent.Unit.Kind == UnitKind.Foreign)];
        bool wasStale = actor.IsStale;
        actor.CatchUp();

        // One who lost the lake may believe that there is nothing to do.
        foreach (WorldUnit sent in wasStale || actor.IsStale ? [] : there)
        {
            sent.Acknowledged = sent.Unit.Messages.Count;
        }
    }

    private void Read(LakeOwner actor)
    {
        Lake lake = actor.Open();
        string[] reports = [.. LakeReports.All.Select(report => Invariants.Text(lake.Report(report)))];
        if (!actor.IsStale)
        {
            _witness.Look();
            int applied = (int)lake.Status.Applied;
            Assert.True(applied <= _witness.Visible.Count, $"{applied} are applied, {_witness.Visible.Count} are there");
            Assert.Equal(LakeReports.All.Select(report => _witness.Report(report.Name, _witness.Visible, applied)), reports);
            Assert.True(lake.Status.Ledger.IsClosed);
        }
    }

    private void TakeOverAndWork()
    {
        if (_owner.IsOpen)
        {
            _zombies.Add(_owner);
        }

        if (_zombies.Count > ZombiesMax)
        {
            _zombies[0].Die();
            _zombies.RemoveAt(0);
        }

        Store.LoseLocks();
        LakeOwner owner = NewOwner();
        _owner = owner;
        owner.Open();
        for (int acts = _random.Next(4); acts > 0; acts--)
        {
            Act(owner);
        }
    }

    // What is thrown here must not be taken for a failure of the operation that stalls.
    private void Meanwhile(Action work)
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // It is thrown when the step has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _violation ??= e;
        }
    }

    private void PowerOff()
    {
        foreach (LakeOwner process in _zombies.Append(_owner))
        {
            process.Die();
        }

        Store.Restart((CrashMode)_random.Next(5), _random.Next());
        _zombies.Clear();
        _owner = NewOwner();
    }

    private void Bury(LakeOwner dead)
    {
        if (ReferenceEquals(dead, _owner))
        {
            _owner.Die();
        }
        else
        {
            dead.Die();
            _zombies.Remove(dead);
        }
    }

    private LakeOwner NewOwner() => new(Store, _clock, _pieceBytes);

    private WorldUnit New(UnitKind kind)
    {
        var sent = new WorldUnit(Unit.Make(_seed, _units.Count, kind));
        _units.Add(sent.Unit.Number, sent);
        return sent;
    }

    // The faults have stopped: everything comes to rest, and opening it once more changes nothing.
    private void Settle()
    {
        Store.Plan(FaultPlan.None);
        _zombies.ForEach(zombie => zombie.Die());
        _owner.Die();
        Store.LoseLocks();
        _owner = NewOwner();
        if (_unanswered is not null)
        {
            Send(_owner);
        }

        CheckAtRest();
        List<(string, uint)> files = DataFiles();
        _owner.Close();
        Store.Restart(CrashMode.Dropped, _seed);
        _owner = NewOwner();
        CheckAtRest();
        Assert.Equal(files, DataFiles());
    }

    private void CheckAtRest()
    {
        CatchUp(_owner);
        _witness.Look();
        LakeStatus status = _owner.Open().Status;
        Assert.Equal((status.Accepted, status.Accepted), (status.Durable, status.Published));
        Assert.Equal(_witness.Visible.Count, _witness.Published.Count);
        Store.Observe(() =>
        {
            ManifestView view = PartitionReader.ReadLatest(Store, new PartitionId(0))!;
            Invariants.CheckSettled(Store, view, _witness.Published, _witness.Units, _owner.Open());
            return true;
        });
    }

    private List<(string, uint)> DataFiles() => Store.Observe(() => Store.List("", recursive: true)
        .Where(file => file.Path.StartsWith("bronze/messages/data/", StringComparison.Ordinal) || file.Path.StartsWith("silver/", StringComparison.Ordinal))
        .Select(file => (file.Path, Store.Checksum(file.Path).Crc32C)).ToList());

    // A bit turns on the disk: what is read is what was written, or it is an error, or a check tells.
    private void Rot()
    {
        FileEntry[] files = [.. Store.Observe(() => Store.List("", recursive: true)).Where(file => file.Length > 0)];
        FileEntry file = files[_random.Next(files.Length)];
        FaultyMemoryStore rotten = Store.Copy();
        rotten.Rot(file.Path, _random.NextInt64(file.Length * 8));
        try
        {
            LakeReader reader = LakeReader.Open(rotten, _clock);
            bool passed = reader.Check(1).Passed && reader.CheckDeep(1).Passed;
            string[] reports = [.. LakeReports.All.Select(report => Invariants.Text(reader.Report(report.Name)))];
            Assert.True(!passed || reports.SequenceEqual(Right()), $"{file.Path} has rotted, and nobody noticed");
            LakeOwner owner = new(rotten, _clock, _pieceBytes);
            owner.CatchUp();
            owner.Replay();
            reader = LakeReader.Open(rotten, _clock);
            passed = reader.Check(1).Passed && reader.CheckDeep(1).Passed;
            reports = [.. LakeReports.All.Select(report => Invariants.Text(owner.Open().Report(report)))];
            Assert.True(!passed || reports.SequenceEqual(Right()), $"{file.Path} has rotted, and replay did not notice");
        }
        catch (Exception e) when (e is CorruptDataException or ParquetException or LakeException or LakeRefusedException)
        {
            // It was noticed; a bit of a version's digit makes a newer one of it.
        }

        IEnumerable<string> Right() => LakeReports.All.Select(report => _witness.Report(report.Name, _witness.Published, _witness.Published.Count));
    }
}
