namespace OrleansLake.Core.Messages;

/// <summary>
/// A growable column of UTF-8 text: row <c>i</c> is <c>Bytes[Offsets[i]..Offsets[i + 1]]</c>. A null row is empty
/// and marked in <see cref="Validity"/>. A column holds less than 2 GiB of text: whoever fills it bounds its rows.
/// </summary>
public sealed class TextColumn
{
    private byte[] _bytes = [];
    private int[] _offsets = new int[1];
    private readonly Validity _validity = new();

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many rows are null.</summary>
    public int NullCount => _validity.NullCount;

    /// <summary>The text of all rows, one after the other. Valid until the next append.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _offsets[Count]);

    /// <summary><see cref="Count"/> + 1 ends and starts. Valid until the next append.</summary>
    public ReadOnlyMemory<int> Offsets => _offsets.AsMemory(0, Count + 1);

    /// <summary>Which rows hold a value.</summary>
    public Validity Validity => _validity;

    /// <summary>A row's text; empty for a null. Valid until the next append.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);

    /// <summary>Whether a row is null.</summary>
    public bool IsNull(int row) => _validity.IsNull(row);

    /// <summary>Appends a row.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(AppendUninitialized(utf8.Length));
    }

    /// <summary>Appends a row of <paramref name="length"/> bytes and returns them, to be filled by the caller.</summary>
    public Span<byte> AppendUninitialized(int length)
    {
        int start = Advance(length);
        _validity.AppendValid();
        return _bytes.AsSpan(start, length);
    }

    /// <summary>Appends a null.</summary>
    public void AppendNull()
    {
        Advance(0);
        _validity.AppendNull();
    }

    /// <summary>Drops the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
        _validity.Truncate(count);
    }

    private int Advance(int length)
    {
        int start = _offsets[Count];
        int end = checked(start + length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, Math.Max(256, 2L * _bytes.Length))));
        }

        if (Count + 2 > _offsets.Length)
        {
            Array.Resize(ref _offsets, Math.Max(16, _offsets.Length * 2));
        }

        _offsets[++Count] = end;
        return start;
    }
}
