using OrleansLake.Core;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>Reads a partition without a lock, while others write to it.</summary>
public static class PartitionReader
{
    /// <summary>Returns the newest commit; null if there is none yet.</summary>
    /// <exception cref="CorruptDataException">The newest manifest cannot be read: never a reason to fall back; or all of them are gone.</exception>
    public static ManifestView? ReadLatest(ILakeStore store, PartitionId partition)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (true)
        {
            Manifest? manifest = ManifestFiles.ReadNewest(store, partition);
            if (manifest is null)
            {
                return LostManifests.FindInLake(store, partition) is { } lost ? throw lost : null;
            }

            try
            {
                FileTable table = FileTable.Of(store, manifest);
                return new ManifestView(manifest, table.Files, table.Ledger);
            }
            catch (FileNotFoundException e)
            {
                if (IsNewest(store, manifest))
                {
                    throw Damage.At(
                        e.FileName ?? e.Message, 0, "a file of the checkpoint is missing", Damage.RestoreLake);
                }
            }
        }
    }

    /// <summary>Returns whether no later commit has been made.</summary>
    public static bool IsNewest(ILakeStore store, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(manifest);
        return ManifestFiles.HighestNumber(store, manifest.Partition) == manifest.Number;
    }

    /// <summary>
    /// Returns the frames that are in the log and not in the data files of a manifest, as far as they are whole. Null where
    /// the segments went meanwhile: start again at the newest manifest.
    /// </summary>
    internal static IReadOnlyList<LogFrame>? ReadUnpublished(ILakeStore store, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(manifest);
        var frames = new List<LogFrame>();
        try
        {
            new LogScan(store, manifest, isLive: true).Read(
                manifest.Applied,
                (in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition _) =>
                    frames.Add(LogFrames.Decode(header, payload.Span, path, position)));
        }
        catch (Exception e) when (e is FileNotFoundException or CorruptDataException && !IsNewest(store, manifest))
        {
            return null;
        }
        catch (FileNotFoundException e)
        {
            throw Damage.At(e.FileName ?? e.Message, 0, "a segment of the log is missing", Damage.RestoreLake);
        }

        // A later owner may have sealed the segments before the frames that were read last.
        return IsNewest(store, manifest) ? frames : null;
    }

    /// <summary>
    /// Reads of a partition's log what opening the partition reads: the segments that a manifest names, and their frames from
    /// there to the durable end.
    /// </summary>
    /// <returns>What is damaged or missing; null if nothing is, or a later commit has moved the log on.</returns>
    public static CorruptDataException? FindDamageInLog(ILakeStore store, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(manifest);
        CorruptDataException damage;
        try
        {
            new LogScan(store, manifest, isLive: true, isThorough: true).Read(
                manifest.Applied,
                static (in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition _) =>
                {
                    try
                    {
                        FrameCodec.ReadHead(payload.Span);
                    }
                    catch (InvalidDataException e)
                    {
                        throw Damage.At(path, position, $"frame {header.Start.Sequence}: {e.Message}", Damage.RestoreLake);
                    }
                });
            return null;
        }
        catch (CorruptDataException e)
        {
            damage = e;
        }
        catch (FileNotFoundException e)
        {
            damage = Damage.At(e.FileName ?? e.Message, 0, "a segment of the log is missing, and the newest manifest needs it", Damage.RestoreLake);
        }

        return IsNewest(store, manifest) ? damage : null;
    }

    /// <summary>
    /// Returns frames that are known to be durable, read beside the owner; fewer where the log was moved on meanwhile.
    /// </summary>
    /// <param name="store">The lake's location.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="sequence">The first frame.</param>
    /// <param name="end">The frame after the last; everything before it is durable.</param>
    /// <param name="framesMax">The largest number.</param>
    /// <returns>Null if the first frame is no longer in the log.</returns>
    internal static IReadOnlyList<LogFrame>? ReadLog(ILakeStore store, PartitionId partition, long sequence, long end, int framesMax)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (true)
        {
            if (ManifestFiles.ReadNewest(store, partition) is not { } manifest || sequence < manifest.Applied.Sequence)
            {
                return null;
            }

            try
            {
                long last = Math.Min(end, sequence + framesMax);
                var frames = new List<LogFrame>();
                new LogScan(store, manifest, isLive: true).Read(
                    new LogPosition(sequence, 0),
                    (in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition _) =>
                    {
                        if (header.Start.Sequence < last)
                        {
                            frames.Add(LogFrames.Decode(header, payload.Span, path, position));
                        }
                    });
                return frames;
            }
            catch (Exception e) when (e is FileNotFoundException or CorruptDataException && !IsNewest(store, manifest))
            {
                // A later owner sealed the segments, or a commit dropped them: again from there.
            }
        }
    }

    /// <summary>Returns the registry as of a manifest.</summary>
    internal static Registry ReadRegistry(ILakeStore store, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return RegistryFiles.Read(store, manifest);
    }

    /// <summary>Returns the sections of a manifest's snapshot, in the order of importing.</summary>
    public static IEnumerable<byte[]> ReadSnapshot(ILakeStore store, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return StateFiles.Read(store, manifest.Snapshot, StateRole.Snapshot, manifest.Partition);
    }

    /// <summary>
    /// Returns the place where a data file of a manifest is: under its name, or under its temporary one while a replay's commit is being
    /// completed. Null if it is missing: damage if the manifest still is the newest, else start again there.
    /// </summary>
    public static string? Locate(ILakeStore store, Manifest manifest, DataFile file)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(file);
        if (store.Find(file.Path) is not null)
        {
            return file.Path;
        }

        foreach (FileMove link in manifest.PendingLinks)
        {
            if (string.Equals(link.Path, file.Path, StringComparison.Ordinal))
            {
                return store.Find(link.Temporary) is not null ? link.Temporary
                    : store.Find(file.Path) is not null ? file.Path : null;
            }
        }

        return null;
    }
}
