using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>Everything that other programs put into bronze, with what has become of it.</summary>
internal static class ExternalListing
{
    /// <summary>The files in the order of their paths; of a name that was accepted, the file before first.</summary>
    /// <param name="store">Where the lake is.</param>
    /// <param name="registries">What each partition has taken in.</param>
    internal static List<ExternalFile> Of(ILakeStore store, IReadOnlyList<Registry> registries)
    {
        var files = new ForeignFiles(store);
        ForeignScan[] scans = [.. registries.DefaultIfEmpty(new Registry()).Select(files.Scan)];
        List<ExternalFile> unsettled = ExternalFile.Of(scans.SelectMany(scan => scan.Faults));
        var open = unsettled.Select(file => (file.Path, file.Bytes)).ToHashSet();
        IEnumerable<ExternalFile> known = registries.SelectMany(registry => registry.ForeignFiles)
            .GroupBy(entry => (entry.File.Name, entry.File.Size, entry.File.Crc32C))
            .Select(shares => new ExternalFile(shares.Key.Name, StateOf(shares.First()))
            {
                Rows = shares.Sum(share => share.File.Rows),
                Bytes = shares.Key.Size,
                Reason = shares.First().File.Refused,
            })
            .Where(file => file.State != ExternalFileState.Taken || !open.Contains((file.Path, file.Bytes)));
        var refused = known.Where(file => file.State == ExternalFileState.Refused).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        IEnumerable<ExternalFile> fresh = scans.SelectMany(scan => scan.New).Distinct()
            .Where(file => !refused.Contains(file.Path) && !unsettled.Exists(one => one.Path == file.Path))
            .Select(file => new ExternalFile(file.Path, ExternalFileState.New) { Bytes = file.Length });
        return [.. known.Concat(unsettled).Concat(fresh).Concat(scans[0].LeftOut.Select(ExternalFile.Of)).OrderBy(file => file.Path, StringComparer.Ordinal).ThenBy(file => file.State == ExternalFileState.Accepted ? 0 : 1)];
    }

    private static ExternalFileState StateOf(ForeignFileEntry entry) =>
        entry.File.Refused is not null ? ExternalFileState.Refused : entry.IsAccepted ? ExternalFileState.Accepted : ExternalFileState.Taken;
}
