using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Registries;

/// <summary>The registry as state files: a section is a count of records, then of each what was consumed, the first offset and the count of rows.</summary>
internal static class RegistryFiles
{
    public static CompletedFile Write(
        ILakeStore store, IReadOnlyList<RegistryRecord> records, PartitionId partition, Epoch epoch, string temporary)
    {
        using var bytes = new ByteSink(1024);
        bytes.Int32(records.Count);
        foreach (RegistryRecord record in records)
        {
            SourceProgressCodec.Write(record.SourceProgress, bytes);
            bytes.Int64(record.FirstOffset);
            bytes.Int64(record.RowCount);
        }

        using IFileWriter file = store.CreateTemporary(temporary);
        using var writer = new StateFileWriter(file, StateRole.Registry, partition, epoch);
        writer.Write(bytes.Written);
        writer.EndSection();
        return writer.Complete();
    }

    public static Registry Read(ILakeStore store, Manifest manifest)
    {
        var registry = new Registry();
        foreach (byte[] section in StateFiles.Read(store, manifest.Registry, StateRole.Registry, manifest.Partition))
        {
            try
            {
                Fold(section, registry);
            }
            catch (InvalidDataException e)
            {
                throw Damage.At(
                    LakePaths.StateFolder(manifest.Partition), -1, $"the registry cannot be read: {e.Message}",
                    Damage.RestoreLake);
            }
        }

        return registry;
    }

    /// <summary>
    /// Returns the records that the same fold comes from, without the progress of a file or a topic's partition that later progress of it replaces.
    /// </summary>
    public static List<RegistryRecord> Shorten(List<RegistryRecord> records)
    {
        var kept = new List<RegistryRecord>(records.Count);
        var later = new HashSet<string>(StringComparer.Ordinal);
        var laterTopics = new HashSet<(string, int)>();
        for (int i = records.Count - 1; i >= 0; i--)
        {
            RegistryRecord record = records[i];
            switch (record.SourceProgress)
            {
                case SourceProgress.FileProgress progress when !progress.Completed && !later.Add(progress.Name):
                    break;
                case SourceProgress.TopicProgress topic when !laterTopics.Add((topic.Topic, topic.Partition)):
                    break;
                default:
                    kept.Add(record);
                    break;
            }
        }

        kept.Reverse();
        return kept;
    }

    private static void Fold(ReadOnlySpan<byte> section, Registry registry)
    {
        var from = new ByteSource(section);
        int count = from.Count();
        for (int i = 0; i < count; i++)
        {
            SourceProgress consumed = SourceProgressCodec.Read(ref from);
            registry.Fold(consumed, from.Int64(), from.Int64());
        }
    }
}
