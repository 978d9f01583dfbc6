using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Snapshots;

/// <summary>
/// Keeps a state as a base and changes. The changes are merged like the levels of a log-structured tree, by copying
/// their sections, so that the number of files follows the logarithm of the number of commits, and each byte is
/// copied that often at most.
/// </summary>
internal static class StateFiles
{
    /// <summary>Returns whether the changes have become as large as the base, which is when reading them costs as much.</summary>
    public static bool NeedsBase(StateRoot root)
    {
        if (root.Base is null)
        {
            return true;
        }

        long changes = 0;
        foreach (StateFile file in root.Changes)
        {
            changes += file.Length;
        }

        return changes > root.Base.Length;
    }

    /// <summary>Returns the root with one more file.</summary>
    public static StateRoot With(StateRoot root, StateFile file, bool isBase) =>
        isBase ? new StateRoot(file, []) : root with { Changes = [.. root.Changes, file] };

    /// <summary>
    /// Returns the changes that are to be merged into one: those of one level, once there are <paramref name="fanIn"/> of them
    /// (levels fall along the list). The count is 0 if none are.
    /// </summary>
    public static (int Start, int Count) RunToMerge(StateRoot root, int fanIn)
    {
        int end = root.Changes.Count;
        while (end > 0)
        {
            int start = end - 1;
            while (start > 0 && root.Changes[start - 1].Level == root.Changes[end - 1].Level)
            {
                start--;
            }

            if (end - start >= fanIn)
            {
                return (start, end - start);
            }

            end = start;
        }

        return default;
    }

    /// <summary>Copies the sections of a run of changes into a new temporary file.</summary>
    public static CompletedFile Merge(
        ILakeStore store,
        StateRoot root,
        (int Start, int Count) run,
        StateRole role,
        PartitionId partition,
        Epoch epoch,
        string temporary)
    {
        using IFileWriter file = store.CreateTemporary(temporary);
        using var writer = new StateFileWriter(file, role, partition, epoch);
        for (int i = run.Start; i < run.Start + run.Count; i++)
        {
            using StateFileReader reader = StateFileReader.Open(store, root.Changes[i], role, partition);
            for (int section = 0; section < reader.SectionCount; section++)
            {
                writer.Write(reader.ReadSection(section));
                writer.EndSection();
            }
        }

        return writer.Complete();
    }

    /// <summary>Returns the root after a merge.</summary>
    public static StateRoot Merged(StateRoot root, (int Start, int Count) run, StateFile file) => root with
    {
        Changes = [.. root.Changes.Take(run.Start), file, .. root.Changes.Skip(run.Start + run.Count)],
    };

    /// <summary>Returns the sections in the order of reading, one in memory at a time.</summary>
    public static IEnumerable<byte[]> Read(ILakeStore store, StateRoot root, StateRole role, PartitionId partition)
    {
        IEnumerable<StateFile> files = root.Base is null ? root.Changes : root.Changes.Prepend(root.Base);
        foreach (StateFile file in files)
        {
            using StateFileReader reader = StateFileReader.Open(store, file, role, partition);
            for (int section = 0; section < reader.SectionCount; section++)
            {
                yield return reader.ReadSection(section);
            }
        }
    }
}
