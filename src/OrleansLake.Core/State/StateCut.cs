using System.Buffers;

namespace OrleansLake.Core.State;

/// <summary>
/// A state at one moment, to be exported while messages continue being applied: taking it costs nothing, and what is replaced
/// afterwards is kept as it was until the cut is completed.
/// </summary>
/// <remarks>
/// Threads: exporting and <see cref="Complete"/> go in steps of some microseconds, each of which the caller runs while no other
/// call on the state is under way (<c>exclusively</c>); nothing is written to the destination within a step. A state has one cut
/// at a time.
/// </remarks>
public sealed class StateCut
{
    private const int MarksAtOnce = 1024;

    private readonly LakeState _state;
    private readonly StateShard[] _shards;
    private readonly ShardCut[] _cuts;
    private readonly (int Day, long Messages, long Corrupted)[] _days;

    internal StateCut(LakeState state, StateShard[] shards, DayCounts ledger)
    {
        _state = state;
        _shards = shards;
        _days = ledger.ToArray();
        _cuts = [.. shards.Select(static shard => shard.Cut())];
    }

    /// <summary>Writes the ledger and the keys that were added or replaced since the cut before.</summary>
    public void ExportChanges(IBufferWriter<byte> destination, Action<Action> exclusively) => _state.Export(_cuts, _days, onlyChanges: true, exclusively).Write(destination);

    /// <summary>Writes the ledger and all keys.</summary>
    public void ExportAll(IBufferWriter<byte> destination, Action<Action> exclusively) => _state.Export(_cuts, _days, onlyChanges: false, exclusively).Write(destination);

    /// <summary>Completes the cut: what was exported is safe; the next cut's changes start from here.</summary>
    public void Complete(Action<Action> exclusively)
    {
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            int count = _cuts[shard].Touched.Count;
            for (int start = 0; start < count; start += MarksAtOnce)
            {
                (StateShard marked, int from, int to) = (_shards[shard], start, Math.Min(count, start + MarksAtOnce));
                exclusively(() => marked.ClearMarks(from, to));
            }
        }

        exclusively(() =>
        {
            foreach (StateShard shard in _shards)
            {
                shard.CompleteCut();
            }

            _state.EndCut();
        });
    }

    /// <summary>Undoes the cut, which was not exported: the next cut's changes include these. To be called while no other call on the
    /// state is under way.</summary>
    public void Undo()
    {
        foreach (StateShard shard in _shards)
        {
            shard.UndoCut();
        }

        _state.EndCut();
    }
}
