using OrleansLake.Core;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>Creates manifests, each number once, and completes what a manifest says is to be done after it.</summary>
internal static class ManifestCreation
{
    /// <summary>
    /// Creates a manifest; false if its number is taken by another one. An outcome that is unknown because an earlier
    /// call failed is read back: bytes that are the same are this manifest.
    /// </summary>
    /// <exception cref="OwnershipLostException">A higher number exists: this one had been given before and was collected.</exception>
    /// <exception cref="CorruptDataException">What has the number is not a manifest.</exception>
    public static bool TryCreate(ILakeStore store, Manifest manifest)
    {
        string path = LakePaths.Manifest(manifest.Partition, manifest.Number);
        string temporary = LakePaths.TemporaryOf(path, manifest.Epoch);
        byte[] bytes = ManifestFiles.Serialize(manifest);
        bool created = store.TryPublish(path, bytes, temporary);
        if (!created && store.Find(path) is not null)
        {
            byte[] there = store.ReadAll(path);
            created = there.AsSpan().SequenceEqual(bytes);
            if (!created)
            {
                // Only a whole manifest is another owner's: ours that was read wrong is damage.
                ManifestFiles.Deserialize(path, there, manifest.Partition, manifest.Number);
            }
        }

        if (created)
        {
            ThrowUnlessNewest(store, manifest);
        }

        return created;
    }

    /// <summary>
    /// Deletes and links what a manifest says, in this order, so that who reads by folder never sees a row twice. It
    /// may be repeated.
    /// </summary>
    /// <exception cref="OwnershipLostException">A later manifest exists: its owner has completed this one, and may have removed the files since.</exception>
    /// <exception cref="CorruptDataException">A file that is to be linked is missing.</exception>
    public static void CompletePending(ILakeStore store, Manifest manifest)
    {
        foreach (string path in manifest.PendingRemovals)
        {
            store.Delete(path);
        }

        if (manifest.PendingRemovals.Count > 0)
        {
            // The next manifest says nothing of them any more: none may come back after a power failure by then.
            store.MakeNamesDurable(manifest.PendingRemovals);
        }

        if (manifest.PendingLinks.Count == 0)
        {
            return;
        }

        IReadOnlyList<PublishOutcome> outcomes;
        try
        {
            outcomes = store.Publish(manifest.PendingLinks);
        }
        catch (FileNotFoundException e)
        {
            ThrowUnlessNewest(store, manifest);
            throw Damage.At(
                LakePaths.Manifest(manifest.Partition, manifest.Number), 0,
                $"a file that it names is missing: {e.Message}", Damage.RestoreLake);
        }

        for (int i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] == PublishOutcome.AlreadyExists)
            {
                store.Delete(manifest.PendingLinks[i].Temporary);
            }
        }
    }

    private static void ThrowUnlessNewest(ILakeStore store, Manifest manifest)
    {
        if (!ManifestFiles.IsNewest(store, manifest))
        {
            throw new OwnershipLostException(
                $"partition {manifest.Partition} has a manifest later than {manifest.Number}: another owner commits");
        }
    }
}
