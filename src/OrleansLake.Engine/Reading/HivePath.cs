namespace OrleansLake.Engine.Reading;

/// <summary>Columns that stand in a path, as Hive and Spark write them: <c>channel=SMS/date=2024-12-16/part.parquet</c>.</summary>
internal static class HivePath
{
    private const string NullName = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The columns and their values; a null where the path says so.</summary>
    internal static IReadOnlyDictionary<string, string?> Values(string relativePath)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        string[] parts = relativePath.Split('/', Path.DirectorySeparatorChar);
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                string value = Uri.UnescapeDataString(part[(equals + 1)..]);
                values[Uri.UnescapeDataString(part[..equals])] = value == NullName ? null : value;
            }
        }

        return values;
    }
}
