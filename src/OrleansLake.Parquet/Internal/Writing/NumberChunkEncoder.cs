using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using OrleansLake.Parquet.Internal.Encodings;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Encodes numbers: as a dictionary, as differences (integers), or plainly, whichever is the smallest.</summary>
internal sealed class NumberChunkEncoder<T>(ParquetField field, ParquetWriterOptions options, Func<ColumnData, ReadOnlyMemory<T>> slotsOf)
    : ChunkEncoder(field, options)
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private const int DeltaSamples = 8;
    private const int DeltaBlockHeadBits = 8 * 8;

    private readonly Scratch<T> _dense = new();
    private readonly Scratch<int> _codes = new();
    private readonly NumberDictionary<T> _dictionary = new();
    private ReadOnlyMemory<T> _values;
    private int _width;
    private T _min;
    private T _max;
    private bool _hasBounds;
    private bool _hasNaN;

    // Of floating point the dictionary distinguishes bits, not values.
    public override long? DistinctCount => HasDictionary && IsInteger ? DictionaryCount : null;

    private static bool IsInteger => typeof(T) == typeof(int) || typeof(T) == typeof(long);

    public override bool TryGetMin(Span<byte> into, out int length, out bool isExact) => TryGet(_min, into, out length, out isExact);

    public override bool TryGetMax(Span<byte> into, out int length, out bool isExact) => TryGet(_max, into, out length, out isExact);

    public override int CompareBounds(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        MemoryMarshal.Read<T>(a).CompareTo(MemoryMarshal.Read<T>(b));

    public override void Dispose()
    {
        base.Dispose();
        _dense.Dispose();
        _codes.Dispose();
        _dictionary.Dispose();
    }

    private protected override void Begin(ColumnData data, int start, int count, int values)
    {
        ReadOnlyMemory<T> slots = slotsOf(data).Slice(start, count);
        _values = slots;
        if (values != count)
        {
            Memory<T> dense = _dense.Memory(values);
            Compaction.Compact(slots.Span, data.Validity.Span, start, dense.Span);
            _values = dense;
        }

        _hasBounds = false;
        _hasNaN = false;
        ChooseEncoding(_values.Span);
    }

    private protected override void End() => _values = default;

    private protected override unsafe long PageBytes(int start, int count) =>
        HasDictionary ? BitPacker.BytesFor(count, _width) : (long)count * sizeof(T);

    private protected override ReadOnlyMemory<byte> WriteValues(int start, int count, OutputBuffer page, bool mayRefer)
    {
        ReadOnlySpan<T> values = _values.Span.Slice(start, count);
        switch (Encoding)
        {
            case PageEncoding.RleDictionary:
                page.WriteByte((byte)_width);
                HybridEncoder.Encode(_codes.Span(_values.Length).Slice(start, count), _width, page);
                break;
            case PageEncoding.DeltaBinaryPacked when typeof(T) == typeof(int):
                DeltaEncoder.Encode(MemoryMarshal.Cast<T, int>(values), page);
                break;
            case PageEncoding.DeltaBinaryPacked:
                DeltaEncoder.Encode(MemoryMarshal.Cast<T, long>(values), page);
                break;
            default:
                page.Write(MemoryMarshal.AsBytes(values));
                break;
        }

        return default;
    }

    private protected override unsafe bool TryAddBounds(int start, int count, out Range min, out Range max)
    {
        min = default;
        max = default;
        if (!MinMax.TryFind(_values.Span.Slice(start, count), out T low, out T high))
        {
            _hasNaN = true;
            return false;
        }

        _min = _hasBounds ? T.Min(_min, low) : low;
        _max = _hasBounds ? T.Max(_max, high) : high;
        _hasBounds = true;
        int at = Bounds.Length;
        Bounds.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref low)));
        Bounds.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref high)));
        min = at..(at + sizeof(T));
        max = (at + sizeof(T))..(at + (2 * sizeof(T)));
        return true;
    }

    private protected override void AddTo(Span<byte> blocks)
    {
        foreach (ref readonly T value in HasDictionary ? _dictionary.Entries : _values.Span)
        {
            Pruning.BloomFilter.Add(blocks, XxHash64.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))));
        }
    }

    private unsafe bool TryGet(T value, Span<byte> into, out int length, out bool isExact)
    {
        length = sizeof(T);
        isExact = true;
        bool isKnown = _hasBounds && !_hasNaN;
        if (isKnown)
        {
            MemoryMarshal.Write(into, value);
        }

        return isKnown;
    }

    private unsafe void ChooseEncoding(ReadOnlySpan<T> values)
    {
        Encoding = PageEncoding.Plain;
        if (values.IsEmpty)
        {
            return;
        }

        long best = 8L * sizeof(T) * values.Length;
        // Polars panics on differences with nulls when it filters: see BytesChunkEncoder.
        if (IsInteger && NullCount == 0 && DeltaBits(values) is long delta && delta < best)
        {
            Encoding = PageEncoding.DeltaBinaryPacked;
            best = delta;
        }

        if (!IsDictionaryLikely(values))
        {
            return;
        }

        int entriesMax = (int)Math.Min(values.Length, Options.DictionaryBytesMax / sizeof(T));
        Span<int> codes = _codes.Span(values.Length);
        if (!_dictionary.TryEncode(values, codes, entriesMax))
        {
            return;
        }

        // One entry takes a bit too: a width of 0 is legal, and some readers stumble over it.
        int width = Math.Max(1, BitPacker.WidthOf((ulong)_dictionary.Count - 1));
        long bits = (8L * sizeof(T) * _dictionary.Count) + ((long)width * values.Length);
        if (bits < best || (bits == best && IsInteger))
        {
            Encoding = PageEncoding.RleDictionary;
            HasDictionary = true;
            DictionaryCount = _dictionary.Count;
            Dictionary.Write(MemoryMarshal.AsBytes(_dictionary.Entries));
            _width = width;
        }
    }

    private static long DeltaBits(ReadOnlySpan<T> values)
    {
        int samples = Math.Min(DeltaSamples, (values.Length / DeltaEncoder.BlockValues) + 1);
        long width = 0;
        for (int i = 0; i < samples; i++)
        {
            width += DeltaEncoder.WidthOf(values[Sample.IndexOf(i, samples, values.Length)..]);
        }

        return (width * values.Length / samples) + (DeltaBlockHeadBits * ((long)values.Length / DeltaEncoder.BlockValues));
    }

    private static bool IsDictionaryLikely(ReadOnlySpan<T> values)
    {
        int samples = Math.Min(Sample.ValuesMax, values.Length);
        Span<ulong> hashes = stackalloc ulong[Sample.ValuesMax];
        for (int i = 0; i < samples; i++)
        {
            hashes[i] = NumberDictionary<T>.Hash(values[Sample.IndexOf(i, samples, values.Length)]);
        }

        return Sample.CountDistinct(hashes[..samples]) <= samples / 2 || samples == 1;
    }
}
