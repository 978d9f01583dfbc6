using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Columns;

/// <summary>A column that a lake adds to those of a message: a value out of each row's attributes.</summary>
public sealed class AddedColumn
{
    /// <summary>The most characters of a name.</summary>
    public const int NameLengthMax = 63;

    private static readonly ImmutableArray<(string Name, AddedColumnType Type)> TypeNames =
    [
        ("string", AddedColumnType.String), ("int64", AddedColumnType.Int64), ("double", AddedColumnType.Double),
        ("boolean", AddedColumnType.Boolean), ("timestamp", AddedColumnType.Timestamp),
        ("text", AddedColumnType.String), ("varchar", AddedColumnType.String), ("bigint", AddedColumnType.Int64), ("bool", AddedColumnType.Boolean),
    ];

    private static readonly ImmutableArray<string> Reserved =
        [.. MessageSchema.Columns.Select(static column => column.Name), "country", "date", "bronze_offset", KeptColumns.AttributesName, KeptColumns.SourceName, KeptColumns.SourceOffsetName];

    private AddedColumn(string name, AddedColumnType type, string from, ImmutableArray<string> names)
    {
        Name = name;
        Type = type;
        From = from;
        Names = names;
    }

    /// <summary>Gets what the column is called.</summary>
    public string Name { get; }

    /// <summary>Gets its type.</summary>
    public AddedColumnType Type { get; }

    /// <summary>Gets the path to its value, which begins with <c>attributes</c>.</summary>
    public string From { get; }

    /// <summary>Gets the path's names within the attributes, from the outermost on.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Gets the type as text: <c>int64</c>.</summary>
    public string TypeName => TypeNames.First(one => one.Type == Type).Name;

    /// <summary>Makes a column of its description.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="type">Its type as text.</param>
    /// <param name="from">The path to its value: <c>attributes.plan</c>, or a JSON Pointer.</param>
    /// <param name="column">The column.</param>
    /// <param name="error">What is wrong with the description.</param>
    public static bool TryCreate(string name, string type, string from, [NotNullWhen(true)] out AddedColumn? column, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(from);
        column = null;
        (string Name, AddedColumnType Type) known = TypeNames.FirstOrDefault(one => one.Name == type);
        if (!IsName(name))
        {
            error = $"'{name}' cannot be a column's name: it has a to z, 0 to 9 and _, begins with a letter, and has at most {NameLengthMax} characters";
        }
        else if (Reserved.Contains(name))
        {
            error = $"every lake's files have, or may have, a column {name} already; choose another name";
        }
        else if (known.Name is null)
        {
            error = $"'{type}' is not a type; expected string, int64, double, boolean or timestamp";
        }
        else if (!FieldPath.TryCreate(from, out FieldPath? path, out string? fault))
        {
            error = $"the path {fault}";
        }
        else if (path.Names[0] != KeptColumns.AttributesName || path.Names.Length < 2)
        {
            error = $"the path '{from}' does not lead into attributes; expected attributes and a field's name, such as attributes.plan or /attributes/a.b";
        }
        else
        {
            column = new AddedColumn(name, known.Type, from, path.Names[1..]);
            error = null;
        }

        return column is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({TypeName} from {From})";

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name[0] is >= 'a' and <= 'z' && name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
}
