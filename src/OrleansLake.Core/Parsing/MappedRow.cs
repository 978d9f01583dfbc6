using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// The columns of a table, or the names of a form, along the paths of a mapping: a path is a column's name, or begins with it and goes on
/// into the JSON in its cells. One thread at a time.
/// </summary>
internal sealed class MappedRow
{
    private readonly MappedValues _values;
    private readonly MappedObject _cells;
    private readonly LeftOutFields _leftOut;
    private readonly PathNode?[] _columns;

    /// <param name="values">Gets the values of a row.</param>
    /// <param name="names">The columns' names.</param>
    /// <param name="leftOut">Gets what no field takes of the cells to which paths lead.</param>
    public MappedRow(MappedValues values, IReadOnlyList<string> names, LeftOutFields leftOut)
        : this(values, names, leftOut, FindIn(names))
    {
        Repeated = names.Where((name, i) => _columns[i] is not null && names.Skip(i + 1).Contains(name)).FirstOrDefault();
    }

    /// <param name="values">Gets the values of a row.</param>
    /// <param name="names">The columns' names.</param>
    /// <param name="leftOut">Gets what no field takes of the cells to which paths lead.</param>
    /// <param name="find">Returns the column to which a path leads, and how many of its names lead there; null if there is none.</param>
    public MappedRow(MappedValues values, IReadOnlyList<string> names, LeftOutFields leftOut, Func<FieldPath, (int Column, int Names)?> find)
    {
        _values = values;
        _leftOut = leftOut;
        _cells = new MappedObject(values, leftOut);
        _columns = new PathNode?[names.Count];
        int slot = 0;
        for (int i = 0; i < values.Mapping.Fields.Length; i++)
        {
            foreach (FieldPath path in values.Mapping.Fields[i]?.From ?? [])
            {
                if (find(path) is var (column, used))
                {
                    (_columns[column] ??= new PathNode(text: names[column])).Add(path.Names.AsSpan()[used..], slot);
                    Columns |= MessageSchema.Columns[i].Flag;
                }

                slot++;
            }
        }

        Columns |= values.Mapping.Settled;
    }

    /// <summary>Gets the fields that the columns, or the mapping itself, have values for.</summary>
    public KnownColumns Columns { get; }

    /// <summary>Gets the values of the row.</summary>
    public MappedValues Values => _values;

    /// <summary>Gets the name of a column that is read, if another one has it too.</summary>
    public string? Repeated { get; }

    /// <summary>Returns the fields that every message has and no column makes, with the paths of each; null if there is none.</summary>
    public string? DescribeMissing()
    {
        if (Columns == _values.Mapping.Settled)
        {
            return "that the mapping names";
        }

        var missing = new List<string>();
        foreach (MessageColumn required in (ReadOnlySpan<MessageColumn>)[MessageSchema.Timestamp, MessageSchema.MessageId])
        {
            FieldMapping? how = _values.Mapping.Fields[MessageSchema.Columns.IndexOf(required)];
            if ((Columns & required.Flag) == 0 && how is { IsReceipt: false, Otherwise: null })
            {
                missing.Add($"{how.DescribePaths()} (for {required.Name})");
            }
        }

        return missing.Count == 0 ? null : string.Join(" or ", missing);
    }

    /// <summary>Sets the time at which the rows that follow were received, in microseconds since 1970.</summary>
    public long ReceivedAt
    {
        set => _values.ReceivedAt = value;
    }

    /// <summary>Begins with the next row.</summary>
    public void Clear() => _values.Clear();

    /// <summary>Returns the place in a column's cells to which paths lead; null if none does.</summary>
    public PathNode? PlaceOf(int column) => _columns[column];

    /// <summary>Returns whether a path leads to a column.</summary>
    public bool Takes(int column) => _columns[column] is not null;

    /// <summary>Takes a cell of a column to which a path leads.</summary>
    /// <param name="column">Its column's number.</param>
    /// <param name="text">Its text.</param>
    /// <param name="isNull">Whether it is null.</param>
    /// <param name="fields">Gets what is wrong.</param>
    public void Set(int column, ReadOnlySpan<byte> text, bool isNull, ref MessageFields fields)
    {
        PathNode place = _columns[column]!;
        if (isNull)
        {
            _values.Put(place, ValueKind.Null, default, ref fields);
        }
        else
        {
            _cells.Read(place, text, ref fields);
        }
    }

    /// <summary>Takes a cell that is not text.</summary>
    /// <param name="column">Its column's number.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="text">It as text.</param>
    /// <param name="fields">Gets what is wrong.</param>
    public void Set(int column, ValueKind kind, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        if (_columns[column] is { } place)
        {
            _values.Put(place, kind, _values.Copy(text), ref fields);
        }
    }

    /// <summary>Makes the message of the row's cells.</summary>
    public void Finish(ref MessageFields fields) => _values.Finish(default, _leftOut, ref fields);

    // The longest name that a path begins with: a column may have dots in it.
    private static Func<FieldPath, (int Column, int Names)?> FindIn(IReadOnlyList<string> names)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            places.TryAdd(names[i], i);
        }

        return path =>
        {
            for (int length = path.IsPointer ? 1 : path.Names.Length; length > 0; length--)
            {
                if (places.TryGetValue(string.Join('.', path.Names[..length]), out int column))
                {
                    return (column, length);
                }
            }

            return null;
        };
    }
}
