using System.Collections.Immutable;

namespace OrleansLake.Core.Columns;

/// <summary>The columns that a lake adds, in the order of its files.</summary>
public sealed class AddedColumns : IEquatable<AddedColumns>
{
    /// <summary>The most columns of a lake.</summary>
    public const int ColumnsMax = 64;

    private AddedColumns(ImmutableArray<AddedColumn> columns) => Columns = columns;

    /// <summary>Gets the columns of a lake that adds none.</summary>
    public static AddedColumns None { get; } = new([]);

    /// <summary>Gets the columns.</summary>
    public ImmutableArray<AddedColumn> Columns { get; }

    /// <summary>Gets a value indicating whether there are none.</summary>
    public bool IsEmpty => Columns.IsEmpty;

    /// <summary>Returns the columns of a list.</summary>
    public static AddedColumns Of(IEnumerable<AddedColumn> columns) => new([.. columns]);

    /// <summary>Returns the column of a name; null if there is none.</summary>
    public AddedColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <inheritdoc/>
    public bool Equals(AddedColumns? other) => other is not null && Columns.Select(static column => column.ToString()).SequenceEqual(other.Columns.Select(static column => column.ToString()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AddedColumns);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Columns);
}
