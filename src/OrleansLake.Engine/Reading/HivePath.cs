namespace OrleansLake.Engine.Reading;

/// <summary>Columns in a path, as Hive and Spark write them: <c>channel=SMS/date=2024-12-16/part.parquet</c>.</summary>
internal static class HivePath
{
    private const string NullName = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Returns the columns and their values; a null where the path says so.</summary>
    internal static IReadOnlyDictionary<string, string?> Values(string path)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (string part in PartsOf(Path.GetDirectoryName(path) ?? ""))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string value = Uri.UnescapeDataString(part[(equals + 1)..]);
            values[Uri.UnescapeDataString(part[..equals])] = value == NullName ? null : value;
        }

        return values;
    }

    /// <summary>
    /// Returns the part of a folder's path that distinguishes its files from others of the same names: its columns, each with a slash after
    /// it, however the path was written.
    /// </summary>
    internal static string PrefixOf(string folder) => string.Concat(PartsOf(Path.GetFullPath(folder)).Select(static part => part + "/"));

    private static IEnumerable<string> PartsOf(string folder) =>
        folder.Split('/', Path.DirectorySeparatorChar).Where(static part => part.IndexOf('=', StringComparison.Ordinal) > 0);
}
