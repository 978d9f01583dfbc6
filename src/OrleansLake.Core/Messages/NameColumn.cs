namespace OrleansLake.Core.Messages;

/// <summary>
/// A column of names as codes of its own <see cref="NameTable"/>, in order of first appearance; a null is
/// <see cref="NullCode"/>.
/// </summary>
public sealed class NameColumn
{
    /// <summary>The code of a null.</summary>
    public const int NullCode = -1;

    private int[] _codes = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the names that the codes stand for.</summary>
    public NameTable Names { get; } = new();

    /// <summary>Gets one code a row. Valid until the next append.</summary>
    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, Count);

    /// <summary>Appends a row.</summary>
    public void Append(ReadOnlySpan<byte> name) => AppendCode(Names.GetOrAdd(name));

    /// <summary>Appends a null.</summary>
    public void AppendNull() => AppendCode(NullCode);

    /// <summary>Appends a row of another column, null or not, by its name: the columns' codes differ.</summary>
    public void AppendRow(NameColumn from, int row)
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

    /// <summary>Appends a row by its code in <see cref="Names"/>, or <see cref="NullCode"/>.</summary>
    public void AppendCode(int code)
    {
        if (Count == _codes.Length)
        {
            Reserve(Math.Max(16, _codes.Length * 2));
        }

        _codes[Count++] = code;
    }

    /// <summary>Appends rows by their codes in <see cref="Names"/>.</summary>
    public void AppendCodes(ReadOnlySpan<int> codes)
    {
        if (Count + codes.Length > _codes.Length)
        {
            Reserve(Math.Max(Count + codes.Length, _codes.Length * 2));
        }

        codes.CopyTo(_codes.AsSpan(Count));
        Count += codes.Length;
    }

    /// <summary>Returns whether a row is null.</summary>
    public bool IsNull(int row) => _codes[row] == NullCode;

    /// <summary>Gets a row's name; empty for a null.</summary>
    public ReadOnlySpan<byte> this[int row] => _codes[row] == NullCode ? [] : Names[_codes[row]];

    /// <summary>Ensures capacity for this many rows in all.</summary>
    public void Reserve(int rows) => ArrayGrowth.Reserve(ref _codes, Count, rows);

    /// <summary>Drops the rows from <paramref name="count"/> on. Their names stay.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }
}
