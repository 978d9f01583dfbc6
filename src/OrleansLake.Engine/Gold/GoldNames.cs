using OrleansLake.Core.Reports;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Gold;

/// <summary>The names of gold's columns, which manifests keep: those of a lake of many partitions its first one's.</summary>
internal static class GoldNames
{
    /// <summary>Returns a report's names as manifests keep them.</summary>
    internal static KeptNames Of(IReadOnlyList<Manifest> manifests, string report) =>
        Of(manifests.FirstOrDefault(static manifest => manifest.Columns.Count > 0)?.Columns ?? [], report);

    /// <summary>Returns names, with those of columns that have none yet.</summary>
    /// <returns>The names themselves if there is no new column.</returns>
    internal static IReadOnlyList<ReportNames> With(IReadOnlyList<ReportNames> names, IReadOnlyList<ReportTable> tables)
    {
        KeptNames[] before = [.. tables.Select(table => Of(names, table.Definition.Name))];
        KeptNames[] after = [.. tables.Select((table, i) => before[i].With(table))];
        return before.SequenceEqual(after) ? names :
        [
            .. tables.Select((table, i) => new ReportNames(table.Definition.Name, after[i].All)),
            .. names.Where(kept => tables.All(table => table.Definition.Name != kept.Report)),
        ];
    }

    /// <summary>
    /// Returns the names that gold has where no manifest keeps any: an earlier version wrote it. What a reader has seen stays.
    /// </summary>
    internal static IReadOnlyList<ReportNames> OfGold(ILakeStore store, IReadOnlyList<ReportTable> tables)
    {
        var names = new List<ReportNames>();
        foreach (ReportTable table in tables)
        {
            names.Add(new ReportNames(table.Definition.Name, OfGold(store, table)));
        }

        return names.TrueForAll(static report => report.Names.Count == 0) ? [] : names;
    }

    private static KeptName[] OfGold(ILakeStore store, ReportTable table)
    {
        string path = LakePaths.GoldFile(table.Definition.Name);
        try
        {
            if (store.Find(path) is null)
            {
                return [];
            }

            using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
            return GoldFiles.CountedNames(reader, table.Definition) is not { } columns ? []
                : [.. columns.Select(column => new KeptName(ValueOf(table, column.Own), column.InFile))];
        }
        catch (Exception e) when (e is ParquetException or FileNotFoundException)
        {
            return [];
        }
    }

    private static string? ValueOf(ReportTable table, string name)
    {
        for (int i = 0; i < table.Values.Count; i++)
        {
            if (table.ValueNames[i] == name)
            {
                return table.Values[i];
            }
        }

        return name;
    }

    /// <summary>Returns a report's names among those of all.</summary>
    internal static KeptNames Of(IReadOnlyList<ReportNames> names, string report) =>
        names.FirstOrDefault(one => one.Report == report) is { } kept ? new KeptNames(kept.Names) : KeptNames.None;
}
