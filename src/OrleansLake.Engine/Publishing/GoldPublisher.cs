using OrleansLake.Core.Reports;
using OrleansLake.Parquet;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Puts the reports and the ledger into gold: one file each, replaced atomically. Gold is derived, so it follows its manifest, and a
/// crash between the two is mended by writing it again.
/// </summary>
internal static class GoldPublisher
{
    /// <summary>Puts the reports and the ledger there, side by side.</summary>
    internal static void Publish(PartitionStore partition, IReadOnlyList<ReportTable> tables, ParallelWork work)
    {
        Manifest manifest = partition.Current;
        var ledger = new LedgerTable(partition.Ledger, partition.PublishedMendedCount, manifest.Number, manifest.Applied.Offset);
        work.For(tables.Count + 1, i =>
        {
            if (i < tables.Count)
            {
                Publish(partition, tables[i].Definition.Name, manifest, file => GoldFiles.Write(file, tables[i], manifest));
            }
            else
            {
                Publish(partition, LakePaths.Ledger, manifest, file => LedgerFiles.Write(file, ledger, manifest));
            }
        });
    }

    /// <summary>Whether all of gold is there and shows the state that a manifest names.</summary>
    internal static bool IsUpToDate(ILakeStore store, Manifest manifest) =>
        GoldFiles.Names.All(name => Read(store, name, reader => GoldFiles.IsOf(reader, manifest), false));

    private static void Publish(PartitionStore partition, string name, Manifest manifest, Action<Stream> write)
    {
        ILakeStore store = partition.Store;
        string path = LakePaths.GoldFile(name);
        using IFileWriter file = store.CreateTemporary(LakePaths.GoldTemporary(name, partition.Epoch));
        write(file.Content);
        CompletedFile completed = file.Complete();
        if (Read(store, name, reader => GoldFiles.Number(reader, GoldFiles.ManifestKey), -1) > manifest.Number)
        {
            // A later owner was here: its report stays.
            store.Delete(completed.Path);
            return;
        }

        store.Replace(new FileMove(completed.Path, path));
    }

    // Gold that is missing or cannot be read is as good as old.
    private static T Read<T>(ILakeStore store, string name, Func<ParquetReader, T> read, T otherwise)
    {
        string path = LakePaths.GoldFile(name);
        if (store.Find(path) is null)
        {
            return otherwise;
        }

        try
        {
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
            return read(reader);
        }
        catch (Exception e) when (e is ParquetException or FileNotFoundException)
        {
            return otherwise;
        }
    }
}
