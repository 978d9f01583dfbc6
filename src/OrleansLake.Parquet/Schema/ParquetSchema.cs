namespace OrleansLake.Parquet;

/// <summary>The columns of a file, in order. Names are compared by their ordinals.</summary>
public sealed class ParquetSchema
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    /// <summary>Makes a schema of columns.</summary>
    /// <exception cref="ArgumentException">A name is empty or occurs twice.</exception>
    public ParquetSchema(params IReadOnlyList<ParquetField> fields)
        : this(fields, isUnique: true)
    {
    }

    internal ParquetSchema(IReadOnlyList<ParquetField> fields, bool isUnique)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        for (int i = 0; i < fields.Count; i++)
        {
            bool isNew = _indexes.TryAdd(fields[i].Name, i);
            if (isUnique && (!isNew || fields[i].Name.Length == 0))
            {
                throw new ArgumentException($"Column names must be unique and not empty: '{fields[i].Name}'.", nameof(fields));
            }
        }
    }

    /// <summary>Gets the columns.</summary>
    public IReadOnlyList<ParquetField> Fields { get; }

    /// <summary>Returns the index of a column in <see cref="Fields"/>, or -1.</summary>
    public int IndexOf(string name) => _indexes.GetValueOrDefault(name, -1);
}
