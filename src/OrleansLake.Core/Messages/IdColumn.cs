using System.Buffers.Binary;
using System.Text;

namespace OrleansLake.Core.Messages;

/// <summary>
/// A column of ids. Where a lake's ids are numbers of 32 bits it holds these, and nothing else. Where they are not, a row is a code of
/// <see cref="Names"/>, so that all that compares, counts and groups ids goes on with 32 bits: a name is a text's UTF-8, or the 8 bytes of
/// a number with its sign flipped, most significant first, whose order is that of the numbers.
/// </summary>
public sealed class IdColumn : NumberColumn<int>
{
    /// <summary>The bytes of the name of a number of 64 bits.</summary>
    internal const int NumberNameBytes = sizeof(long);

    /// <summary>Gets the type of the ids; <see cref="IdType.Number32"/> too while all rows are null.</summary>
    public IdType Type { get; private set; }

    /// <summary>Gets what the rows are codes of; null if they are numbers themselves.</summary>
    public NameTable? Names { get; private set; }

    /// <summary>Gets a row's id; null for a null.</summary>
    public IdValue? this[int row] => IsNull(row) ? null : ValueOf(Names, Type, Values[row]);

    /// <summary>Appends a text.</summary>
    public void Append(ReadOnlySpan<byte> utf8) => AppendName(IdType.Text, utf8);

    /// <summary>Appends a number of 64 bits.</summary>
    public void AppendInt64(long number)
    {
        Span<byte> name = stackalloc byte[NumberNameBytes];
        WriteName(number, name);
        AppendName(IdType.Number64, name);
    }

    /// <summary>Appends a row by its name.</summary>
    internal void AppendName(IdType type, ReadOnlySpan<byte> name) => Append(NamesOf(type).GetOrAdd(name));

    /// <summary>Appends a row of another column, null or not, by its id: the columns' codes differ.</summary>
    public void AppendRow(IdColumn from, int row)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.Names is { } names && !from.IsNull(row))
        {
            AppendName(from.Type, names[from.Values[row]]);
        }
        else
        {
            base.AppendRow(from, row);
        }
    }

    /// <summary>Appends all rows of another column.</summary>
    public void AppendAll(IdColumn from)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.Names is null && from.NullCount == 0)
        {
            AppendRange(from.Values);
            return;
        }

        int[] codes = from.Names is { } names ? CodesOf(names, NamesOf(from.Type)) : [];
        for (int row = 0; row < from.Count; row++)
        {
            if (from.IsNull(row))
            {
                AppendNull();
            }
            else
            {
                Append(codes.Length == 0 ? from.Values[row] : codes[from.Values[row]]);
            }
        }
    }

    /// <summary>Makes the rows that follow codes of names; those that were appended are null, or codes already.</summary>
    /// <returns>The names.</returns>
    public NameTable NamesOf(IdType type)
    {
        if (Names is null)
        {
            if (Count > NullCount)
            {
                throw new InvalidOperationException("A column of ids has numbers and names.");
            }

            Names = new NameTable();
            Type = type;
        }

        return Type == type ? Names : throw new InvalidOperationException("A column of ids has ids of two types.");
    }

    /// <summary>Returns the id that a code stands for.</summary>
    internal static IdValue ValueOf(NameTable? names, IdType type, int code) => names is null ? new IdValue(code)
        : type == IdType.Text ? new IdValue(Encoding.UTF8.GetString(names[code])) : new IdValue(NumberOf(names[code]));

    /// <summary>Returns the name of an id of a type; <paramref name="type"/> is not that of numbers of 32 bits.</summary>
    internal static byte[] NameOf(IdValue id, IdType type)
    {
        if (type == IdType.Text)
        {
            return Encoding.UTF8.GetBytes(id.ToString());
        }

        byte[] name = new byte[NumberNameBytes];
        WriteName(id.Number ?? throw new ArgumentException($"The id {id} is not a number.", nameof(id)), name);
        return name;
    }

    /// <summary>Returns the number that a name stands for.</summary>
    internal static long NumberOf(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadInt64BigEndian(name) ^ long.MinValue;

    internal static void WriteName(long number, Span<byte> name) => BinaryPrimitives.WriteInt64BigEndian(name, number ^ long.MinValue);

    private static int[] CodesOf(NameTable from, NameTable to)
    {
        int[] codes = new int[from.Count];
        for (int code = 0; code < codes.Length; code++)
        {
            codes[code] = to.GetOrAdd(from[code]);
        }

        return codes;
    }
}
