namespace OrleansLake.Core.Reports;

/// <summary>
/// Numbers the rows of a report over all shards, each of which numbers its own. A shard's rows keep their numbers until it is
/// rebuilt, so what was found once holds: of a report that is made repeatedly only new rows are looked up.
/// </summary>
/// <remarks>Takes 4 bytes a row of a shard, and a row of its own for each distinct one. One caller at a time uses it, the one that has taken it.</remarks>
internal sealed class RowNumbering(int width)
{
    private const int AtOnce = 32;

    private TupleIndex _rows = new(width);
    private Shard[] _shards = [];
    private int _isTaken;

    /// <summary>Gets the rows, in which something was counted at some time.</summary>
    public TupleIndex Rows => _rows;

    public long MemoryBytes => _rows.MemoryBytes + _shards.Sum(static shard => (long)shard.Numbers.Length * sizeof(int));

    /// <summary>Takes it, unless somebody has it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Releases it to others.</summary>
    public void Return() => Volatile.Write(ref _isTaken, 0);

    /// <summary>Returns whether the pivots are older than what is kept here.</summary>
    public bool IsPast(IReadOnlyList<Pivot> pivots)
    {
        for (int i = 0; i < _shards.Length; i++)
        {
            if (pivots[i].Build < _shards[i].Build)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Numbers all rows of the shards' pivots, in the order of the shards.</summary>
    public void Take(IReadOnlyList<Pivot> pivots)
    {
        bool isAnew = _shards.Length != pivots.Count;
        for (int i = 0; i < _shards.Length && !isAnew; i++)
        {
            isAnew = pivots[i].Build != _shards[i].Build;
        }

        if (isAnew)
        {
            _rows = new TupleIndex(width);
            _shards = [.. pivots.Select(static pivot => new Shard(pivot.Build))];
        }

        for (int i = 0; i < pivots.Count; i++)
        {
            Take(pivots[i].Rows, _shards[i]);
        }
    }

    /// <summary>Gets the numbers of a shard's rows.</summary>
    public ReadOnlySpan<int> this[int shard] => _shards[shard].Numbers.AsSpan(0, _shards[shard].Count);

    private void Take(TupleIndex from, Shard shard)
    {
        if (from.Count > shard.Numbers.Length)
        {
            Array.Resize(ref shard.Numbers, Math.Max(from.Count, TupleIndex.GrownLength(shard.Numbers.Length)));
        }

        Span<ulong> hashes = stackalloc ulong[AtOnce];
        while (shard.Count < from.Count)
        {
            int length = Math.Min(AtOnce, from.Count - shard.Count);
            for (int i = 0; i < length; i++)
            {
                hashes[i] = TupleIndex.Hash(from[shard.Count + i], from.Nulls(shard.Count + i));
                _rows.PrefetchSlot(hashes[i]);
            }

            for (int i = 0; i < length; i++)
            {
                _rows.PrefetchValue(hashes[i]);
            }

            for (int i = 0; i < length; i++, shard.Count++)
            {
                shard.Numbers[shard.Count] = _rows.GetOrAdd(from[shard.Count], from.Nulls(shard.Count), hashes[i]);
            }
        }
    }

    private sealed class Shard(int build)
    {
        public int[] Numbers = [];
        public int Count;

        public int Build { get; } = build;
    }
}
