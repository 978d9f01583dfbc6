namespace OrleansLake.Parquet.Internal.Rows;

/// <summary>Collects text or bytes.</summary>
internal sealed class BytesRowColumn<T>(Func<T, byte[]?> valueOf) : RowColumn<T>
{
    private byte[] _bytes = new byte[1024];
    private int[] _offsets = new int[1024];

    public override void Add(T row)
    {
        byte[]? value = valueOf(row);
        int start = _offsets[Count];
        int length = value?.Length ?? 0;
        Grow(ref _offsets, Count + 2);
        Grow(ref _bytes, checked(start + length));
        value?.CopyTo(_bytes, start);
        _offsets[Count + 1] = start + length;
        Advance(value is not null);
    }

    public override ColumnData ToData() =>
        new BytesData(_bytes.AsMemory(0, _offsets[Count]), _offsets.AsMemory(0, Count + 1), Validity);
}
