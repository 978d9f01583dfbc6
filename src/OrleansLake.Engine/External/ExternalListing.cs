using OrleansLake.Engine.Reading;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine.External;

/// <summary>Everything that other programs put into bronze, with what has become of it.</summary>
internal static class ExternalListing
{
    /// <summary>Returns the files in the order of their paths; of a name that was accepted, the file before first.</summary>
    /// <param name="store">The lake's location.</param>
    /// <param name="registries">What each partition has ingested.</param>
    internal static List<ExternalFile> Of(ILakeStore store, IReadOnlyList<Registry> registries)
    {
        var files = ExternalBronze.Registry(store);
        FolderSurvey look = files.Look();
        ExternalScan[] scans = [.. registries.DefaultIfEmpty(new Registry()).Select(registry => files.Scan(registry, look))];
        List<ExternalFile> open = ExternalFile.Open(scans);
        var unsettled = open.Where(file => file.IsUnsettled).Select(file => (file.Path, file.Bytes)).ToHashSet();
        IEnumerable<ExternalFile> known = registries.SelectMany(registry => registry.ExternalFileRegistry).Where(entry => entry.File.Refused is null)
            .Concat(scans.SelectMany(scan => scan.Refused))
            .GroupBy(entry => (entry.File.Name, entry.File.Size, entry.File.Crc32C))
            .Select(shares => new ExternalFile(shares.Key.Name, StateOf(shares.First()))
            {
                Rows = shares.Sum(share => share.File.Rows),
                Bytes = shares.Key.Size,
                Reason = shares.First().File.Refused,
            })
            .Where(file => file.State != ExternalFileState.Taken || !unsettled.Contains((file.Path, file.Bytes)));
        IEnumerable<ExternalFile> fresh = scans.SelectMany(scan => scan.New).Distinct()
            .Where(file => !open.Exists(one => one.Path == file.Path))
            .Select(file => new ExternalFile(file.Path, ExternalFileState.New) { Bytes = file.Length });
        IEnumerable<ExternalFile> again = ExternalFile.Known(scans).Where(file => !fresh.Any(one => one.Path == file.Path) && !open.Exists(one => one.RenamedTo == file.Path));
        IEnumerable<ExternalFile> leftOut = scans[0].LeftOut.Where(left => !left.IsUnreadable).Select(ExternalFile.Of);
        return [.. known.Concat(open).Concat(fresh).Concat(again).Concat(leftOut).OrderBy(file => file.Path, StringComparer.Ordinal).ThenBy(file => file.State == ExternalFileState.Accepted ? 0 : 1)];
    }

    private static ExternalFileState StateOf(ExternalFileEntry entry) =>
        entry.File.Refused is not null ? ExternalFileState.Refused : entry.IsAccepted ? ExternalFileState.Accepted : ExternalFileState.Taken;
}
