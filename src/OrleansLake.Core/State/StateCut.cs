using System.Buffers;

namespace OrleansLake.Core.State;

/// <summary>
/// A state at one moment, to be exported while messages go on being applied: taking it costs nothing, and what is replaced
/// afterwards is kept as it was until the cut is completed.
/// </summary>
/// <remarks>
/// Threads: exporting and <see cref="Complete"/> take the gate that they are given for some microseconds at a time, and
/// all other calls on the state are to be made within it. A state has one cut at a time.
/// </remarks>
public sealed class StateCut
{
    private const int MarksAtOnce = 1024;

    private readonly LakeState _state;
    private readonly StateShard[] _shards;
    private readonly ShardCut[] _cuts;
    private readonly LedgerDay[] _days;

    internal StateCut(LakeState state, StateShard[] shards, DayCounts ledger)
    {
        _state = state;
        _shards = shards;
        _days = ledger.ToArray();
        _cuts = [.. shards.Select(static shard => shard.Cut())];
    }

    /// <summary>Writes the ledger and the keys that were added or replaced since the cut before.</summary>
    public void ExportChanges(IBufferWriter<byte> destination, Lock gate) => _state.Export(_cuts, _days, onlyChanges: true, gate).Write(destination);

    /// <summary>Writes the ledger and all keys.</summary>
    public void ExportAll(IBufferWriter<byte> destination, Lock gate) => _state.Export(_cuts, _days, onlyChanges: false, gate).Write(destination);

    /// <summary>Completes the cut: what was exported is safe; the next cut's changes start from here.</summary>
    public void Complete(Lock gate)
    {
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            int count = _cuts[shard].Touched.Count;
            for (int start = 0; start < count; start += MarksAtOnce)
            {
                lock (gate)
                {
                    _shards[shard].ClearMarks(start, Math.Min(count, start + MarksAtOnce));
                }
            }
        }

        lock (gate)
        {
            foreach (StateShard shard in _shards)
            {
                shard.CompleteCut();
            }

            _state.EndCut();
        }
    }

    /// <summary>It was not exported: the next cut's changes include these. To be called within the gate.</summary>
    public void Undo()
    {
        foreach (StateShard shard in _shards)
        {
            shard.UndoCut();
        }

        _state.EndCut();
    }
}
