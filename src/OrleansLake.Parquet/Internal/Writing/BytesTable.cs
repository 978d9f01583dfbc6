namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// Distinct byte arrays in order of first appearance, as indices of the value that came first, with the codes of all
/// values.
/// </summary>
internal sealed class BytesTable : IDisposable
{
    private const int SlotsMin = 256;

    private readonly Scratch<int> _slots = new();
    private readonly Scratch<int> _firsts = new();
    private readonly Scratch<uint> _hashes = new();

    public int Count { get; private set; }

    /// <summary>Gets the index of the value that each entry is.</summary>
    public ReadOnlySpan<int> Firsts => _firsts.Span(Count);

    /// <summary>
    /// Gives every value its code; false once the entries, with their lengths, take more bytes than allowed or are
    /// more than allowed, all codes being void then.
    /// </summary>
    public bool TryEncode(BytesValues values, Span<int> codes, int entriesMax, int bytesMax)
    {
        Count = 0;
        entriesMax = Math.Max(1, Math.Min(entriesMax, bytesMax / sizeof(int)));
        long bytes = 0;
        Span<int> firsts = _firsts.Span(entriesMax);
        Span<uint> hashes = _hashes.Span(entriesMax);
        int size = SlotsMin;
        Span<int> slots = _slots.Span(size);
        slots.Clear();
        for (int i = 0; i < values.Count; i++)
        {
            ReadOnlySpan<byte> value = values[i];
            uint hash = (uint)BytesHash.Of(value);
            int slot = (int)hash & (size - 1);
            int code;
            while ((code = slots[slot] - 1) >= 0 && (hashes[code] != hash || !values[firsts[code]].SequenceEqual(value)))
            {
                slot = (slot + 1) & (size - 1);
            }

            if (code < 0)
            {
                bytes += sizeof(int) + value.Length;
                if (Count == entriesMax || bytes > bytesMax)
                {
                    return false;
                }

                code = Count++;
                firsts[code] = i;
                hashes[code] = hash;
                slots[slot] = code + 1;
                if (2 * Count > size)
                {
                    size *= 2;
                    slots = Rehash(size, hashes[..Count]);
                }
            }

            codes[i] = code;
        }

        return true;
    }

    public void Dispose()
    {
        _slots.Dispose();
        _firsts.Dispose();
        _hashes.Dispose();
    }

    private Span<int> Rehash(int size, ReadOnlySpan<uint> hashes)
    {
        Span<int> slots = _slots.Span(size);
        slots.Clear();
        for (int code = 0; code < hashes.Length; code++)
        {
            int slot = (int)hashes[code] & (size - 1);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & (size - 1);
            }

            slots[slot] = code + 1;
        }

        return slots;
    }
}
