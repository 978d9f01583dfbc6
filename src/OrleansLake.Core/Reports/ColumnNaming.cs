namespace OrleansLake.Core.Reports;

/// <summary>
/// The names of a report's columns. Values become names as they are, unless that would make two columns one: then
/// the later gets <c>_</c> appended until it differs from every other. The report's own columns come first. Case is ignored, as
/// readers of Parquet files do.
/// </summary>
internal static class ColumnNaming
{
    /// <summary>Returns the names of columns, in their order: distinct without case, from names that were given before as well.</summary>
    /// <param name="own">The names of the report's own columns.</param>
    /// <param name="names">The columns' names.</param>
    /// <param name="given">Names that others have.</param>
    public static string[] Beside(IEnumerable<string> own, IReadOnlyList<string> names, IEnumerable<string> given) =>

        // A Parquet column needs a name: that of an empty value becomes "_".
        Distinct([.. own, "", .. given], names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the names of the values' columns, in their order.</summary>
    /// <param name="own">The names of the report's own columns.</param>
    /// <param name="values">The values' texts in column order; of equals, the first keeps its name.</param>
    /// <param name="comparer">What makes two values' names the same.</param>
    public static string[] Distinct(IReadOnlyList<string> own, IReadOnlyList<string> values, StringComparer comparer)
    {
        var ownNames = new HashSet<string>(own, StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(comparer);
        string[] names = new string[values.Count];
        bool[] collides = new bool[values.Count];

        // Every name that can stay stays, so that a renamed column never pushes another one aside.
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = values[i];
            collides[i] = ownNames.Contains(values[i]) || !taken.Add(values[i]);
        }

        // How long the run of underscores behind a value already is: many equal values stay linear.
        var tried = new Dictionary<string, int>(comparer);
        for (int i = 0; i < names.Length; i++)
        {
            if (!collides[i])
            {
                continue;
            }

            int underscores = tried.GetValueOrDefault(values[i]);
            do
            {
                names[i] = values[i] + new string('_', ++underscores);
            }
            while (ownNames.Contains(names[i]) || !taken.Add(names[i]));

            tried[values[i]] = underscores;
        }

        return names;
    }
}
