using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>
/// Settles external bronze files that are not what they were when they were taken in: a frame in the log of each partition
/// that has not settled them yet says so. Cut off between two partitions, it is done again by the next call.
/// </summary>
internal sealed class ExternalAcceptance(ILakeStore store, LakePartitions partitions)
{
    private readonly ForeignFiles _files = new(store);

    /// <summary>Accepts files; they are settled, and durably so, when it returns.</summary>
    internal IReadOnlyList<AcceptedFile> Accept(IReadOnlyList<string> names)
    {
        ForeignScan[] scans = Scan();
        List<ForeignFault>[] faults = [.. scans.Select(scan => scan.Faults.ToList())];
        HashSet<string> refused = [.. scans.SelectMany(scan => scan.Refused).Select(entry => entry.File.Name)];
        var accepted = new List<AcceptedFile>();
        foreach (string name in names)
        {
            accepted.Add(Accept(PathOf(name), faults, refused));
        }

        partitions.Flush();

        // What their names hold now is new, if the bytes are not known under another name.
        HashSet<string> fresh = [.. Scan().SelectMany(scan => scan.New).Select(file => file.Path)];
        return [.. accepted.Select(file => file with { IsNewFile = fresh.Contains(file.Path) })];
    }

    private ForeignScan[] Scan()
    {
        FolderSurvey look = _files.Look();
        return [.. partitions.All.Select(partition => _files.Scan(partition.Registry, look))];
    }

    private static string PathOf(string name) =>
        name.StartsWith(LakePaths.BronzeData + "/", StringComparison.Ordinal) ? name : $"{LakePaths.BronzeData}/{name}";

    private AcceptedFile Accept(string path, List<ForeignFault>[] faults, HashSet<string> refused)
    {
        var found = new List<ForeignFault>();
        for (int i = 0; i < faults.Length; i++)
        {
            // By what it is called now, too. A scan believes times and lengths, but who asks is told of every byte.
            ForeignFault? fault = faults[i].Find(one => one.Entry.File.Name == path) ?? faults[i].Find(one => one.Kind == ForeignFaultKind.Renamed && one.Found?.Path == path);
            if (fault is null && partitions.All[i].Registry.TryGetForeignFile(path, out ForeignFileEntry? entry) && entry.File.Refused is null)
            {
                fault = _files.Compare(entry);
            }

            if (fault is not null)
            {
                Consumed.ForeignFile file = fault.Entry.File;
                partitions.All[i].Accept(new FrameContent { Consumed = new Consumed.ForeignAccepted(file.Name, file.Size, file.Crc32C) });
                faults[i].Remove(fault);
                found.Add(fault);
            }
        }

        if (found.Count > 0)
        {
            return new AcceptedFile(path, AcceptOutcome.Accepted, ExternalFile.Of(found)[0]);
        }

        Registry registry = partitions.All[0].Registry;
        return new AcceptedFile(
            path,
            refused.Contains(path) ? AcceptOutcome.Refused
            : registry.TryGetForeignFile(path, out ForeignFileEntry? known) && known.File.Refused is null ? AcceptOutcome.Unchanged
            : registry.ForeignFiles.Any(one => one.IsAccepted && one.File.Name == path) ? AcceptOutcome.AcceptedBefore
            : AcceptOutcome.Unknown);
    }
}
