namespace OrleansLake.Core.Messages;

/// <summary>
/// A growable column of UTF-8 text: row <c>i</c> is <c>Bytes[Offsets[i]..Offsets[i + 1]]</c>. A null row is empty
/// and marked in <see cref="Validity"/>. A column holds less than 2 GiB of text: the one who fills it bounds its rows.
/// </summary>
public sealed class TextColumn
{
    private byte[] _bytes = [];
    private int[] _offsets = new int[1];
    private readonly Validity _validity = new();

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of rows that are null.</summary>
    public int NullCount => _validity.NullCount;

    /// <summary>Gets the text of all rows, one after the other. Valid until the next append.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _offsets[Count]);

    /// <summary>Gets the <see cref="Count"/> + 1 starts and ends. Valid until the next append.</summary>
    public ReadOnlyMemory<int> Offsets => _offsets.AsMemory(0, Count + 1);

    /// <summary>Gets which rows hold a value.</summary>
    public Validity Validity => _validity;

    /// <summary>Gets a row's text; empty for a null. Valid until the next append.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);

    /// <summary>Returns whether a row is null.</summary>
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

    /// <summary>Appends a row of another column, null or not.</summary>
    public void AppendRow(TextColumn from, int row)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.IsNull(row))
        {
            AppendNull();
        }
        else
        {
            Append(from[row]);
        }
    }

    /// <summary>Appends rows without nulls: row <c>i</c> is <c>utf8[offsets[i]..offsets[i + 1]]</c>, if the offsets start at 0.</summary>
    /// <param name="utf8">The text of all the rows, one after the other.</param>
    /// <param name="offsets">Their starts and the last end, ascending, all moved by the same distance: the first stands for the text's start.</param>
    public void AppendRange(ReadOnlySpan<byte> utf8, ReadOnlySpan<int> offsets)
    {
        int rows = offsets.Length - 1;
        int start = _offsets[Count];
        Reserve(checked(start + utf8.Length), Count + rows);
        utf8.CopyTo(_bytes.AsSpan(start));
        for (int i = 1; i < offsets.Length; i++)
        {
            _offsets[Count + i] = start + offsets[i] - offsets[0];
        }

        Count += rows;
        _validity.AppendValid(rows);
    }

    /// <summary>Ensures capacity for this many rows in all, whatever their text.</summary>
    public void Reserve(int rows) => ArrayGrowth.Reserve(ref _offsets, Count + 1, rows + 1);

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
        Reserve(end, Count + 1);
        _offsets[++Count] = end;
        return start;
    }

    private void Reserve(int bytes, int rows)
    {
        if (bytes > _bytes.Length)
        {
            ArrayGrowth.Reserve(ref _bytes, _offsets[Count], (int)Math.Min(Array.MaxLength, Math.Max(bytes, Math.Max(256, 2L * _bytes.Length))));
        }

        if (rows >= _offsets.Length)
        {
            ArrayGrowth.Reserve(ref _offsets, Count + 1, Math.Max(rows + 1, Math.Max(16, _offsets.Length * 2)));
        }
    }
}
