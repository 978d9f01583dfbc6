using System.Buffers;
using System.Numerics;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Distinct tuples of nullable 32-bit values, numbered from 0 in order of first appearance. Nulls are a bit mask
/// over the tuple's places; the masks take memory only once there is a null.
/// </summary>
/// <remarks>Slots hold number + 1 (0 is free) and are at most 6/7 full, so a tuple of one value takes 4 bytes and
/// 4.7 to 9.3 bytes of slots.</remarks>
internal sealed class TupleIndex(int width)
{
    private const int KeptSlots = 1024;

    private readonly int _width = width;
    private int[] _values = new int[16 * width];
    private byte[]? _nulls;
    private int[] _slots = new int[32];
    private int _shift = 64 - 5;

    public int Count { get; private set; }

    public long MemoryBytes => ((long)_values.Length * sizeof(int)) + (_nulls?.Length ?? 0) + ((long)_slots.Length * sizeof(int));

    public ReadOnlySpan<int> this[int number] => _values.AsSpan(number * _width, _width);

    public byte Nulls(int number) => _nulls is null ? (byte)0 : _nulls[number];

    /// <summary>Returns the tuple's number; it is added if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<int> tuple, byte nulls) => GetOrAdd(tuple, nulls, Hash(tuple, nulls));

    /// <summary>Returns the tuple's number, where its <see cref="Hash"/> is known already.</summary>
    public int GetOrAdd(ReadOnlySpan<int> tuple, byte nulls, ulong hash)
    {
        int[] slots = _slots;
        int slot = (int)(hash >> _shift);
        while (slots[slot] != 0)
        {
            int number = slots[slot] - 1;
            if (Equals(number, tuple, nulls))
            {
                return number;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }

        return Add(tuple, nulls, slot);
    }

    /// <summary>Returns the tuple's number, or -1.</summary>
    public int Find(ReadOnlySpan<int> tuple, byte nulls)
    {
        int slot = (int)(Hash(tuple, nulls) >> _shift);
        while (_slots[slot] != 0)
        {
            int number = _slots[slot] - 1;
            if (Equals(number, tuple, nulls))
            {
                return number;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    /// <summary>Returns the tuples with their numbers, in rented memory: none can be looked up or added.</summary>
    public TupleIndex CopyNumbered()
    {
        int[] values = ArrayPool<int>.Shared.Rent(Count * _width);
        _values.AsSpan(0, Count * _width).CopyTo(values);
        return new TupleIndex(_width) { _values = values, _nulls = _nulls?[..Math.Min(Count, _nulls.Length)], _slots = [], Count = Count };
    }

    /// <summary>Gives a copy's memory to the next one.</summary>
    public void Return()
    {
        ArrayPool<int>.Shared.Return(_values);
        _values = [];
        Count = 0;
    }

    /// <summary>Forgets all tuples. The memory of a burst is given back.</summary>
    public void Clear()
    {
        Count = 0;
        _nulls = null;
        if (_slots.Length > KeptSlots)
        {
            _values = new int[16 * _width];
            _slots = new int[32];
            _shift = 64 - 5;
        }
        else
        {
            Array.Clear(_slots);
        }
    }

    /// <summary>Prefetches the slot: the first of two steps before a tuple is looked up.</summary>
    public void PrefetchSlot(ulong hash) => Prefetch.Of(ref _slots[(int)(hash >> _shift)]);

    /// <summary>Prefetches the value: the second of two steps before a tuple is looked up.</summary>
    public void PrefetchValue(ulong hash)
    {
        if (_slots[(int)(hash >> _shift)] is var taken and not 0)
        {
            Prefetch.Of(ref _values[(taken - 1) * _width]);
        }
    }

    private int Add(ReadOnlySpan<int> tuple, byte nulls, int slot)
    {
        int number = Count;
        if ((number + 1) * _width > _values.Length)
        {
            Array.Resize(ref _values, GrownLength(_values.Length));
        }

        tuple.CopyTo(_values.AsSpan(number * _width));
        if (nulls != 0 || _nulls is not null)
        {
            if (_nulls is null || _nulls.Length <= number)
            {
                Array.Resize(ref _nulls, _values.Length / _width);
            }

            _nulls[number] = nulls;
        }

        _slots[slot] = ++Count;
        if (7L * Count > 6L * _slots.Length)
        {
            Rehash();
        }

        return number;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        _shift = 64 - BitOperations.Log2((uint)_slots.Length);
        for (int number = 0; number < Count; number++)
        {
            int slot = (int)(Hash(this[number], Nulls(number)) >> _shift);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = number + 1;
        }
    }

    private bool Equals(int number, ReadOnlySpan<int> tuple, byte nulls)
    {
        int start = number * _width;
        for (int i = 0; i < tuple.Length; i++)
        {
            if (_values[start + i] != tuple[i])
            {
                return false;
            }
        }

        return Nulls(number) == nulls;
    }

    public static ulong Hash(ReadOnlySpan<int> tuple, byte nulls)
    {
        ulong hash = nulls;
        foreach (int value in tuple)
        {
            hash = (hash ^ (uint)value) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        return hash * 0xE7037ED1A0B428DB;
    }

    // An eighth at a time once it is large: what is allocated and not used counts against the bytes a key.
    internal static int GrownLength(int length) => length < 4096 ? length * 2 : checked(length + (length / 8));
}
