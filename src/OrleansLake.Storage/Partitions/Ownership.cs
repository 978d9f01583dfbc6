using OrleansLake.Core;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// The ownership of a partition: it belongs to the one whose epoch is the highest. Epochs are files that are created only if they do not
/// exist, and the highest is never collected; so who creates one and then finds a higher one knows that the number
/// had been given before, and an owner that is not the highest knows that it has been replaced.
/// </summary>
internal sealed class Ownership(ILakeStore store, PartitionId partition, Epoch epoch)
{
    public Epoch Epoch { get; } = epoch;

    /// <summary>Takes the next epoch.</summary>
    /// <param name="store">Where the epochs are.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="atLeast">An epoch that is known to have been given.</param>
    public static Ownership Take(ILakeStore store, PartitionId partition, Epoch atLeast)
    {
        while (true)
        {
            Epoch highest = Highest(store, partition);
            Epoch next = (highest > atLeast ? highest : atLeast).Next;
            string path = LakePaths.EpochFile(partition, next);
            // Two openers at the same time may share the temporary file: the first to link wins, and it is empty.
            string temporary = LakePaths.TemporaryOf(path, next);
            if (store.TryPublish(path, [], temporary) && Highest(store, partition) == next)
            {
                return new Ownership(store, partition, next);
            }

            atLeast = next;
        }
    }

    /// <summary>Returns the highest epoch there is; 0 if there is none.</summary>
    public static Epoch Highest(ILakeStore store, PartitionId partition)
    {
        long highest = 0;
        foreach (FileEntry file in store.List(LakePaths.EpochFolder(partition), recursive: false))
        {
            if (LakePaths.TryParseNumber(file.Path, "epoch-", "", out long number))
            {
                highest = Math.Max(highest, number);
            }
        }

        return new Epoch(highest);
    }

    /// <exception cref="OwnershipLostException">There is a later owner.</exception>
    /// <exception cref="LakeNotFoundException">The lake is gone.</exception>
    /// <exception cref="CorruptDataException">The files that say who owns it are.</exception>
    public void Check()
    {
        Epoch highest = Highest(store, partition);
        if (highest != Epoch)
        {
            if (highest < Epoch && store.Find(LakePaths.Description) is null)
            {
                throw LakeNotFoundException.Gone(store.Location);
            }

            // The highest is never collected, unless the lake was repartitioned: then the partition is not there any more.
            if (highest < Epoch && LakeDescription.Read(store).Range.Contains(partition))
            {
                throw Damage.GoneFolder(store, LakePaths.EpochFolder(partition));
            }

            throw new OwnershipLostException(
                $"partition {partition} was opened by another owner (epoch {highest}, this is {Epoch})");
        }
    }
}
