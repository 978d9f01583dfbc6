using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine.Reading;

/// <summary>Reads the Parquet files that other programs add to the bronze folder.</summary>
internal static class ExternalBronze
{
    /// <summary>Returns the external files of a lake, of which a path's columns count as its rows have them.</summary>
    internal static ExternalFileRegistry Registry(ILakeStore store) => new(store, path =>
    {
        try
        {
            using ParquetReader reader = Open(store, path);
            return [.. new ParquetMessages(reader, RelativePath(path), LakeTimeZone.Utc, IdTypes.Default, isTaken: true).OwnColumns];
        }
        catch (Exception e) when (e is ParquetException or IOException or UnauthorizedAccessException)
        {
            // Its ingest reports why it cannot be read.
            return [];
        }
    });

    /// <summary>Returns a partition's rows of a file that was ingested, whose bytes must be what they were then.</summary>
    /// <exception cref="CorruptDataException">The file is gone or has changed.</exception>
    /// <exception cref="ParquetException">It cannot be read.</exception>
    internal static IEnumerable<MessageBatch> Reread(ILakeStore store, SourceProgress.ExternalBronzeFile file, PartitionSlice share, LakeTimeZone zone, IdTypes ids, ParallelWork work) =>
        file.Rows == 0 ? [] : Reread(store, file.Name, file.Size, file.Crc32C, zone, ids, work).Select(share.Of).OfType<MessageBatch>();

    /// <summary>Returns the rows of a file, of ours as well, whose bytes must be those that the lake knows.</summary>
    /// <exception cref="CorruptDataException">The file is gone or has changed.</exception>
    /// <exception cref="ParquetException">It cannot be read.</exception>
    internal static IEnumerable<MessageBatch> Reread(ILakeStore store, string path, long length, uint crc32C, LakeTimeZone zone, IdTypes ids, ParallelWork work)
    {
        using ParquetReader reader = ParquetReader.Open(VerifiedBronze.Open(store, path, length, crc32C).AsStream(), path);
        foreach (MessageBatch batch in Batches(reader, path, zone, ids, work, isTaken: true))
        {
            yield return batch;
        }
    }

    /// <summary>Returns the rows of a file that was ingested, batch by batch.</summary>
    /// <exception cref="ParquetException">It cannot be read, or holds no messages.</exception>
    internal static IEnumerable<MessageBatch> Read(ILakeStore store, string path, LakeTimeZone zone, IdTypes ids, ParallelWork work)
    {
        using ParquetReader reader = Open(store, path);
        foreach (MessageBatch batch in Batches(reader, path, zone, ids, work, isTaken: true))
        {
            yield return batch;
        }
    }

    /// <summary>Opens a file: its footer is read, which has the number of rows.</summary>
    /// <exception cref="ParquetException">It is not a Parquet file.</exception>
    internal static ParquetReader Open(ILakeStore store, string path) => ParquetReader.Open(store.OpenStream(path), path);

    /// <summary>Returns the rows of an open file that is to be ingested, batch by batch.</summary>
    /// <exception cref="ParquetException">It cannot be read, holds no messages, or has a column or a value that no message can have.</exception>
    internal static IEnumerable<MessageBatch> Read(ParquetReader reader, string path, LakeTimeZone zone, IdTypes ids, ParallelWork work) =>
        Batches(reader, path, zone, ids, work, isTaken: false);

    /// <summary>Returns the columns that an open file has under similar names only, as text; null if there are none.</summary>
    /// <exception cref="ParquetException">It holds no messages, or has a column that no message can have.</exception>
    internal static string? LookAlikesOf(ParquetReader reader, string path, LakeTimeZone zone, IdTypes ids)
    {
        var messages = new ParquetMessages(reader, RelativePath(path), zone, ids);
        return MissingColumns.Describe(messages.Columns, messages.Names) is { } missing && missing.Contains("(it has ", StringComparison.Ordinal)
            ? missing : messages.LookAlikes().FirstOrDefault();
    }

    private static IEnumerable<MessageBatch> Batches(ParquetReader reader, string path, LakeTimeZone zone, IdTypes ids, ParallelWork work, bool isTaken) =>
        new ParquetMessages(reader, RelativePath(path), zone, ids, isTaken: isTaken) { ReadsKept = isTaken && DataFileName.TryParse(path, out _, out _) }.Batches(work);

    private static string RelativePath(string path) => path[(LakePaths.BronzeData.Length + 1)..];
}
