using OrleansLake.Core.Reports;
using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine.Checking;

/// <summary>Finds files in the lake's folders that no manifest names.</summary>
internal static class UnnamedFiles
{
    /// <summary>
    /// Returns the files that readers by folder would take for the lake's: Parquet files under silver and gold that it does not name, and
    /// files of our naming in bronze and quarantine. A commit's files are among them for a moment.
    /// </summary>
    internal static List<string> Find(ILakeStore store, LakeView view, ReportCatalog reports)
    {
        var known = view.Manifests.SelectMany(manifest => manifest.PendingLinks.Select(link => link.Temporary).Concat(manifest.PendingRemovals))
            .Concat(GoldFiles.Names(reports).Select(LakePaths.GoldFile)).ToHashSet(StringComparer.Ordinal);
        var unnamed = new List<string>();
        foreach (string folder in (string[])[LakePaths.Silver, LakePaths.Gold, LakePaths.BronzeData, LakePaths.Quarantine])
        {
            foreach (FileEntry file in DataFolders.List(store, folder))
            {
                bool isOurs = DataFileName.TryParse(file.Path, out _, out bool isTemporary);
                if (file.Path.EndsWith(DataFileName.Extension, StringComparison.Ordinal) && !isTemporary
                    && (isOurs || folder != LakePaths.BronzeData) && !view.Names(file.Path) && !known.Contains(file.Path))
                {
                    unnamed.Add(file.Path);
                }
            }
        }

        return unnamed;
    }

    /// <summary>Returns temporary files of earlier owners: the next owner sweeps them.</summary>
    internal static IEnumerable<string> Leftovers(ILakeStore store, LakeView view)
    {
        var linked = view.Manifests.SelectMany(manifest => manifest.PendingLinks).Select(link => link.Temporary).ToHashSet(StringComparer.Ordinal);
        return ((string[])[LakePaths.Silver, LakePaths.Gold, LakePaths.BronzeData, LakePaths.Quarantine])
            .SelectMany(folder => DataFolders.List(store, folder))
            .Select(file => file.Path)
            .Where(path => path.EndsWith(DataFileName.TemporarySuffix, StringComparison.Ordinal) && !linked.Contains(path)
                && LakePaths.TryParseEpoch(path, out Epoch epoch) && epoch < OwnerOf(path));

        // Gold is written by the owner of the first partition.
        Epoch OwnerOf(string path) => view.Manifests.FirstOrDefault(manifest => !DataFileName.TryParse(path, out DataFileName name, out _) || name.Partition == manifest.Partition)?.Epoch ?? default;
    }
}
