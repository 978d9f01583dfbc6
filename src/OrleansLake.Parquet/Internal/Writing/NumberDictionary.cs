using System.Runtime.CompilerServices;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Distinct numbers in order of first appearance, distinguished by their bits.</summary>
internal sealed class NumberDictionary<T> : IDisposable
    where T : unmanaged
{
    private const int SlotsMin = 256;

    private readonly Scratch<T> _entries = new();
    private readonly Scratch<int> _slots = new();

    public int Count { get; private set; }

    public ReadOnlySpan<T> Entries => _entries.Span(Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong Hash(T value)
    {
        // Fibonacci hashing; the upper bits are the good ones.
        ulong bits = sizeof(T) == sizeof(int) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);
        bits *= 0x9E3779B97F4A7C15;
        return bits ^ bits >> 32;
    }

    /// <summary>Assigns every value its code; false once there are more entries than allowed, all codes being void then.</summary>
    public bool TryEncode(ReadOnlySpan<T> values, Span<int> codes, int entriesMax)
    {
        Count = 0;

        // The entries are sized once: growing would not keep them.
        Span<T> entries = _entries.Span(entriesMax);
        int size = SlotsMin;
        Span<int> slots = _slots.Span(size);
        slots.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            T value = values[i];
            int slot = (int)Hash(value) & (size - 1);
            int code;
            while ((code = slots[slot] - 1) >= 0 && !SameBits(entries[code], value))
            {
                slot = (slot + 1) & (size - 1);
            }

            if (code < 0)
            {
                if (Count == entriesMax)
                {
                    return false;
                }

                code = Count++;
                entries[code] = value;
                slots[slot] = code + 1;
                if (2 * Count > size)
                {
                    size *= 2;
                    slots = Rehash(size, entries[..Count]);
                }
            }

            codes[i] = code;
        }

        return true;
    }

    public void Dispose()
    {
        _entries.Dispose();
        _slots.Dispose();
    }

    private Span<int> Rehash(int size, ReadOnlySpan<T> entries)
    {
        Span<int> slots = _slots.Span(size);
        slots.Clear();
        for (int code = 0; code < entries.Length; code++)
        {
            int slot = (int)Hash(entries[code]) & (size - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (size - 1);
            }

            slots[slot] = code + 1;
        }

        return slots;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool SameBits(T a, T b) => sizeof(T) == sizeof(int)
        ? Unsafe.BitCast<T, uint>(a) == Unsafe.BitCast<T, uint>(b)
        : Unsafe.BitCast<T, ulong>(a) == Unsafe.BitCast<T, ulong>(b);
}
