using System.Text;

namespace OrleansLake.Parquet.Internal.Rows;

/// <summary>Collects text, encoded where it is kept: no value is allocated for.</summary>
internal sealed class TextRowColumn<T>(Func<T, string?> valueOf) : RowColumn<T>
{
    private byte[] _bytes = new byte[1024];
    private int[] _offsets = new int[1024];

    public override void Add(T row)
    {
        string? value = valueOf(row);
        int start = _offsets[Count];
        Grow(ref _offsets, Count + 2);
        int length = 0;
        if (value is not null)
        {
            Grow(ref _bytes, checked(start + Encoding.UTF8.GetByteCount(value)));
            length = Encoding.UTF8.GetBytes(value, _bytes.AsSpan(start));
        }

        _offsets[Count + 1] = start + length;
        Advance(value is not null);
    }

    public override ColumnData ToData() =>
        new BytesData(_bytes.AsMemory(0, _offsets[Count]), _offsets.AsMemory(0, Count + 1), Validity);
}
