using OrleansLake.Core.Reports;
using OrleansLake.Parquet;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Puts reports into gold: one file each, replaced atomically. Gold is derived, so it follows its manifest, and a
/// crash between the two is mended by writing it again.
/// </summary>
internal static class GoldPublisher
{
    internal static void Publish(ILakeStore store, Epoch epoch, ReportTable table, Manifest manifest)
    {
        string path = LakePaths.GoldFile(table.Definition.Name);
        using IFileWriter file = store.CreateTemporary(LakePaths.GoldTemporary(table.Definition.Name, epoch));
        GoldFiles.Write(file.Content, table, manifest);
        CompletedFile completed = file.Complete();
        if (Read(store, table.Definition, reader => GoldFiles.Number(reader, GoldFiles.ManifestKey), -1) > manifest.Number)
        {
            // A later owner was here: its report stays.
            store.Delete(completed.Path);
            return;
        }

        store.Replace(new FileMove(completed.Path, path));
    }

    /// <summary>Whether a report's file is there and shows the state that a manifest names.</summary>
    internal static bool IsUpToDate(ILakeStore store, ReportDefinition report, Manifest manifest) =>
        Read(store, report, reader => GoldFiles.IsOf(reader, manifest), false);

    // Gold that is missing or cannot be read is as good as old.
    private static T Read<T>(ILakeStore store, ReportDefinition report, Func<ParquetReader, T> read, T otherwise)
    {
        string path = LakePaths.GoldFile(report.Name);
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
