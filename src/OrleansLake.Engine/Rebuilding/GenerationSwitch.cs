using System.Globalization;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine.Rebuilding;

/// <summary>
/// Finishes a switch of generations once <c>lake.json</c> names the new one: the old one's files go, the new one's get their
/// names, gold is written. It may be cut off anywhere and is done again by every start until <c>lake.json</c> says that it is done.
/// </summary>
internal static class GenerationSwitch
{
    private static readonly string[] Folders = [LakePaths.Silver, LakePaths.BronzeData, LakePaths.Quarantine];

    /// <summary>Completes a switch, if one was begun. The lake's lock must be held.</summary>
    internal static void Complete(ILakeStore store, ReportCatalog reports, ParallelWork work)
    {
        if (store.Find(LakePaths.Description) is null || LakeDescription.Read(store) is not { Replaces: { } old } lake)
        {
            return;
        }

        // In this order, so that who reads by folder never sees a row twice.
        Delete(store, [.. DataFiles(store).Where(file => old.Contains(file.Name.Partition)).Select(file => file.Path)]);
        FileMove[] staged =
        [
            .. DataFiles(store).Where(file => file.Path.EndsWith(StagedStore.Suffix, StringComparison.Ordinal))
                .Select(file => new FileMove(file.Path, file.Path[..^StagedStore.Suffix.Length])),
        ];
        if (staged.Length > 0)
        {
            IReadOnlyList<PublishOutcome> outcomes = store.Publish(staged);
            Delete(store, [.. staged.Where((_, i) => outcomes[i] == PublishOutcome.AlreadyExists).Select(move => move.Temporary)]);
            store.MakeNamesDurable([.. staged.Select(move => move.Temporary)]);
        }

        PublishGold(store, lake, reports.Of(lake.Ids), work);
        DeleteCheckpoints(store, old.Contains);
        (lake with { Replaces = null }).Replace(store);
    }

    /// <summary>Removes what an attempt has left that did not come to its switch: the partitions that are not the lake's.</summary>
    internal static void Discard(ILakeStore store, PartitionRange lake)
    {
        bool IsUnfinished(PartitionId partition) => !lake.Contains(partition);
        Delete(store, [.. DataFiles(store).Where(file => IsUnfinished(file.Name.Partition)).Select(file => file.Path)]);
        DeleteCheckpoints(store, IsUnfinished);
    }

    private static IEnumerable<(string Path, DataFileName Name)> DataFiles(ILakeStore store)
    {
        foreach (FileEntry file in Folders.SelectMany(folder => DataFolders.List(store, folder)))
        {
            string path = file.Path.EndsWith(StagedStore.Suffix, StringComparison.Ordinal) ? file.Path[..^StagedStore.Suffix.Length] : file.Path;
            if (DataFileName.TryParse(path, out DataFileName name, out _))
            {
                yield return (file.Path, name);
            }
        }
    }

    private static void PublishGold(ILakeStore store, LakeDescription lake, ReportCatalog reports, ParallelWork work)
    {
        LakeView? view = LakeView.ReadLatest(store, lake.PartitionIds);
        if (view is null || GoldPublisher.IsUpToDate(store, reports, view.Manifests))
        {
            return;
        }

        // The old generation's says that it is newer: its commits have their own numbers.
        Delete(store, [.. store.List(LakePaths.Gold, recursive: true).Select(file => file.Path)]);
        CommittedReports[] committed = [.. view.Partitions.Select(partition => CommittedReports.Read(store, partition, reports))];
        GoldPublisher.Publish(
            store, view.Manifests[0].Epoch, view.Manifests,
            [.. reports.Select((report, i) => ReportPart.Sum(report, [.. committed.Select(one => one.Parts[i])]))],
            view.Ledger, committed.Sum(one => one.Replayed), work);
    }

    private static void DeleteCheckpoints(ILakeStore store, Func<PartitionId, bool> isGone) => Delete(
        store,
        [
            .. ((string[])[LakePaths.BronzeLog, LakePaths.Checkpoint]).SelectMany(folder => store.List(folder, recursive: true)
                .Where(file => PartitionOf(file.Path, folder) is { } partition && isGone(partition)))
                .Select(file => file.Path),
        ]);

    // Below the folder: p00003/...
    private static PartitionId? PartitionOf(string path, string folder) =>
        path.Length > folder.Length + 7 && path[folder.Length + 1] == 'p' && path[folder.Length + 7] == '/'
            && int.TryParse(path.AsSpan(folder.Length + 2, 5), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new PartitionId(number) : null;

    private static void Delete(ILakeStore store, IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            store.Delete(path);
        }

        if (paths.Count > 0)
        {
            // None may come back after a power failure: what follows relies on it.
            store.MakeNamesDurable(paths);
        }
    }
}
