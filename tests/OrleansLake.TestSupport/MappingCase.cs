using System.Text;

namespace OrleansLake.TestSupport;

/// <summary>A mapping, and records of which a part fits it.</summary>
/// <param name="Fields">The members of the mapping's <c>fields</c>.</param>
/// <param name="Records">The records: the JSON of a value for each of <see cref="Names"/>; null where it has none.</param>
public sealed record MappingCase(IReadOnlyList<string> Fields, IReadOnlyList<IReadOnlyList<string?>> Records)
{
    /// <summary>Gets the names of records' members.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ts", "id", "a", "b", "a.b", "0"];

    /// <summary>Gets the mapping's file.</summary>
    public string Mapping => $"{{\"fields\":{{{string.Join(',', Fields)}}}}}";

    /// <summary>Returns the records as a file of a name has them.</summary>
    public byte[] Text(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.EndsWith(".csv", StringComparison.Ordinal))
        {
            int[] columns = [.. Enumerable.Range(0, Names.Count).Where(column => Records.Any(record => record[column] is not null)).DefaultIfEmpty(0)];
            IEnumerable<string> rows = Records.Select(record => string.Join(',', columns.Select(column => $"\"{record[column]?.Trim().Trim('"').Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
            return Encoding.UTF8.GetBytes(string.Concat(rows.Prepend(string.Join(',', columns.Select(static column => Names[column]))).Select(static row => row + "\n")));
        }

        string[] records = [.. Records.Select(Object)];
        return Encoding.UTF8.GetBytes(name.EndsWith(".json", StringComparison.Ordinal) ? $"[{string.Join(",\n", records)}]" : string.Concat(records.Select(static one => one + "\n")));
    }

    /// <summary>Returns an object of values.</summary>
    internal static string Object(IReadOnlyList<string?> values) =>
        $"{{{string.Join(',', Enumerable.Range(0, Names.Count).Where(name => values[name] is not null).Select(name => $"\"{Names[name]}\":{values[name]}"))}}}";

    /// <inheritdoc/>
    public override string ToString() => $"{Mapping}\n{Encoding.UTF8.GetString(Text("one.ndjson"))}";
}
