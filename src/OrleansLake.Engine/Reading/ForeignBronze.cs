using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Reading;

/// <summary>Reads the Parquet files that other programs add to the bronze folder.</summary>
internal static class ForeignBronze
{
    /// <summary>The rows of a file that was taken in, whose bytes must be what they were then.</summary>
    /// <exception cref="CorruptDataException">The file is gone, has changed, or cannot be read.</exception>
    internal static IEnumerable<MessageBatch> Reread(ILakeStore store, Consumed.ForeignFile file, LakeTimeZone zone, ParallelWork work)
    {
        if (store.Find(file.Name) is null)
        {
            throw Damaged(file, "is gone");
        }

        CompletedFile now = store.Checksum(file.Name);
        if (now.Length != file.Size || now.Crc32C != file.Crc32C)
        {
            throw Damaged(file, "has changed");
        }

        return Read(store, file.Name, zone, work);
    }

    /// <summary>The rows of a file, batch by batch.</summary>
    /// <exception cref="ParquetException">It cannot be read, or holds no messages.</exception>
    internal static IEnumerable<MessageBatch> Read(ILakeStore store, string path, LakeTimeZone zone, ParallelWork work)
    {
        using ParquetReader reader = Open(store, path);
        foreach (MessageBatch batch in Read(reader, path, zone, work))
        {
            yield return batch;
        }
    }

    /// <summary>Opens a file: its footer is read, and tells how many rows there are.</summary>
    /// <exception cref="ParquetException">It is no Parquet file.</exception>
    internal static ParquetReader Open(ILakeStore store, string path) => ParquetReader.Open(store.OpenStream(path), path);

    /// <summary>The rows of an open file, batch by batch.</summary>
    /// <exception cref="ParquetException">It cannot be read, or holds no messages.</exception>
    internal static IEnumerable<MessageBatch> Read(ParquetReader reader, string path, LakeTimeZone zone, ParallelWork work) =>
        new ParquetMessages(reader, RelativePath(path), zone).Batches(work);

    private static string RelativePath(string path) => path[(LakePaths.BronzeData.Length + 1)..];

    private static CorruptDataException Damaged(Consumed.ForeignFile file, string what) => new(
        file.Name, 0, $"the bronze file {what} since it was taken in", $"Put back the file of {file.Size} bytes that was there.");
}
