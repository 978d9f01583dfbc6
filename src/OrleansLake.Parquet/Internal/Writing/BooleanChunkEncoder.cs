namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Encodes truth values, one bit each.</summary>
internal sealed class BooleanChunkEncoder(ParquetField field, ParquetWriterOptions options) : ChunkEncoder(field, options)
{
    private readonly Scratch<bool> _dense = new();
    private ReadOnlyMemory<bool> _values;
    private bool _hasFalse;
    private bool _hasTrue;

    public override bool TryGetMin(Span<byte> into, out int length, out bool isExact) => TryGet(!_hasFalse, into, out length, out isExact);

    public override bool TryGetMax(Span<byte> into, out int length, out bool isExact) => TryGet(_hasTrue, into, out length, out isExact);

    public override int CompareBounds(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a[0].CompareTo(b[0]);

    public override void Dispose()
    {
        base.Dispose();
        _dense.Dispose();
    }

    private protected override void Begin(ColumnData data, int start, int count, int values)
    {
        _values = ((BooleanData)data).Values.Slice(start, count);
        if (values != count)
        {
            Memory<bool> dense = _dense.Memory(values);
            Compaction.Compact(_values.Span, data.Validity.Span, start, dense.Span);
            _values = dense;
        }

        Encoding = PageEncoding.Plain;
        _hasFalse = false;
        _hasTrue = false;
    }

    private protected override void End() => _values = default;

    private protected override long PageBytes(int start, int count) => (count + 7) >> 3;

    private protected override ReadOnlyMemory<byte> WriteValues(int start, int count, OutputBuffer page, bool mayRefer)
    {
        ReadOnlySpan<bool> values = _values.Span.Slice(start, count);
        int bytes = (count + 7) >> 3;
        Span<byte> room = page.Reserve(bytes)[..bytes];
        room.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            room[i >> 3] |= (byte)((values[i] ? 1 : 0) << (i & 7));
        }

        page.Advance(bytes);
        return default;
    }

    private protected override bool TryAddBounds(int start, int count, out Range min, out Range max)
    {
        ReadOnlySpan<bool> values = _values.Span.Slice(start, count);
        bool hasFalse = values.Contains(false);
        bool hasTrue = values.Contains(true);
        _hasFalse |= hasFalse;
        _hasTrue |= hasTrue;
        int at = Bounds.Length;
        Bounds.WriteByte((byte)(hasFalse ? 0 : 1));
        Bounds.WriteByte((byte)(hasTrue ? 1 : 0));
        min = at..(at + 1);
        max = (at + 1)..(at + 2);
        return true;
    }

    // The options refuse filters of truth values.
    private protected override void AddTo(Span<byte> blocks)
    {
    }

    private bool TryGet(bool value, Span<byte> into, out int length, out bool isExact)
    {
        length = 1;
        isExact = true;
        into[0] = (byte)(value ? 1 : 0);
        return _hasFalse || _hasTrue;
    }
}
