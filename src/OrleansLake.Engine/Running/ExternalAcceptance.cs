using System.IO.Enumeration;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine.Running;

/// <summary>
/// Settles external bronze files that are not what they were when they were ingested: a frame in the log of each partition
/// that has not settled them yet says so. Cut off between two partitions, it is done again by the next call.
/// </summary>
internal sealed class ExternalAcceptance(ILakeStore store, LakePartitions partitions)
{
    private readonly ExternalFileRegistry _files = ExternalBronze.Registry(store);

    /// <summary>Accepts files; they are settled, and durably so, when it returns.</summary>
    /// <param name="names">Their names or patterns.</param>
    /// <returns>What became of each; where one of them cannot be accepted and others could, none is, and those that cannot are returned.</returns>
    internal IReadOnlyList<AcceptedFile> Accept(IReadOnlyList<string> names)
    {
        ExternalScan[] scans = Scan();
        List<ExternalFault>[] faults = [.. scans.Select(scan => scan.Faults.ToList())];
        HashSet<string> refused = [.. scans.SelectMany(scan => scan.Refused).Select(entry => entry.File.Name)];
        List<ExternalFile> known = ExternalFile.Known(scans);
        string[] paths = [.. names.Select(PathOf).SelectMany(path => Expand(path, scans)).Distinct(StringComparer.Ordinal)];

        // Before anything is accepted: a name that is mistyped leaves nothing half done.
        AcceptedFile[] wrong =
        [
            .. paths.Where(path => !IsFault(path, scans) && (refused.Contains(path) || !(IsKnown(path) || known.Exists(file => file.Path == path))))
                .Select(path => new AcceptedFile(path, refused.Contains(path) ? AcceptOutcome.Refused : AcceptOutcome.Unknown)),
        ];
        if (wrong.Length > 0 && Array.Exists(paths, path => IsFault(path, scans)))
        {
            return wrong;
        }

        var accepted = new List<AcceptedFile>();
        foreach (string path in paths)
        {
            accepted.Add(Accept(path, faults, refused));
        }

        partitions.Flush();

        // What their names hold now is new, if the bytes are not known under another name.
        HashSet<string> fresh = [.. Scan().SelectMany(scan => scan.New).Select(file => file.Path)];
        return [.. accepted.Select(file => known.Find(one => file.Outcome == AcceptOutcome.Unknown && one.Path == file.Path) is { } again
            ? file with { Outcome = AcceptOutcome.Known, KnownBecause = again.Reason } : file with { IsNewFile = fresh.Contains(file.Path) })];
    }

    private ExternalScan[] Scan()
    {
        FolderSurvey look = _files.Look();
        return [.. partitions.All.Select(partition => _files.Scan(partition.Registry, look))];
    }

    private static string PathOf(string name) =>
        name.StartsWith(LakePaths.BronzeData + "/", StringComparison.Ordinal) ? name : $"{LakePaths.BronzeData}/{name}";

    // A pattern stands for the files that are to be settled; what is none, or fits none, for itself.
    private static string[] Expand(string path, ExternalScan[] scans)
    {
        if (!path.AsSpan().ContainsAny('*', '?') || scans.Any(scan => scan.Faults.Any(fault => fault.Entry.File.Name == path)))
        {
            return [path];
        }

        string[] fitting =
        [
            .. scans.SelectMany(scan => scan.Faults).Select(static fault => fault.Entry.File.Name)
                .Where(name => Fits(path.Split('/'), name.Split('/'))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        return fitting.Length == 0 ? [path] : fitting;
    }

    // As in a shell: * and ? stand for what is in one name, and not for a slash.
    private static bool Fits(string[] pattern, string[] path) =>
        pattern.Length == path.Length && pattern.Zip(path).All(static part => FileSystemName.MatchesSimpleExpression(part.First, part.Second, ignoreCase: false));

    private static bool IsFault(string path, ExternalScan[] scans) =>
        scans.Any(scan => scan.Faults.Any(fault => fault.Entry.File.Name == path || (fault.Kind == ExternalFaultKind.Renamed && fault.Found?.Path == path)));

    private bool IsKnown(string path) =>
        partitions.All.Any(partition => partition.Registry.ExternalFileRegistry.Any(entry => entry.File.Name == path));

    private AcceptedFile Accept(string path, List<ExternalFault>[] faults, HashSet<string> refused)
    {
        var found = new List<ExternalFault>();
        for (int i = 0; i < faults.Length; i++)
        {
            // By what it is called now, too. A scan believes times and lengths, but here every byte is compared.
            ExternalFault? fault = faults[i].Find(one => one.Entry.File.Name == path) ?? faults[i].Find(one => one.Kind == ExternalFaultKind.Renamed && one.Found?.Path == path);
            if (fault is null && partitions.All[i].Registry.TryGetExternalFile(path, out ExternalFileEntry? entry) && entry.File.Refused is null)
            {
                fault = _files.Compare(entry);
            }

            if (fault is not null)
            {
                SourceProgress.ExternalBronzeFile file = fault.Entry.File;
                partitions.All[i].Accept(new FrameContent { SourceProgress = new SourceProgress.ExternalAccepted(file.Name, file.Size, file.Crc32C) });
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
            : registry.TryGetExternalFile(path, out ExternalFileEntry? known) && known.File.Refused is null ? AcceptOutcome.Unchanged
            : registry.ExternalFileRegistry.Any(one => one.IsAccepted && one.File.Name == path) ? AcceptOutcome.AcceptedBefore
            : AcceptOutcome.Unknown);
    }
}
