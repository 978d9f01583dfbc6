using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Bronze rows as silver has them, which holds every column of a message and its offset: what replaces another program's
/// bronze file that is gone.
/// </summary>
/// <remarks>Memory: the rows of one commit's files, which a commit has held before.</remarks>
/// <param name="store">The store of the files.</param>
/// <param name="manifest">The commit that names them.</param>
/// <param name="files">Its files.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="ids">The types of the lake's ids.</param>
internal sealed class SilverRows(ILakeStore store, Manifest manifest, IEnumerable<DataFile> files, LakeTimeZone zone, IdTypes ids)
{
    private readonly DataFile[] _files = [.. files.Where(file => file.Kind is DataKind.Messages or DataKind.MessagesCorrupted).OrderBy(file => file.FirstOffset)];

    /// <summary>Returns the rows from one offset to before another, in their order.</summary>
    /// <param name="first">The first one's offset.</param>
    /// <param name="end">The offset behind the last.</param>
    /// <param name="of">The bronze file whose rows they are, for messages.</param>
    /// <exception cref="CorruptDataException">Silver does not have them as they were written.</exception>
    internal IEnumerable<MessageBatch> Read(long first, long end, string of)
    {
        long next = first;
        foreach (List<DataFile> group in Groups(first, end))
        {
            long last = Math.Min(end - 1, group.Max(file => file.LastOffset));
            foreach (MessageBatch batch in InOrder(group, next, last, of))
            {
                next += batch.Count;
                yield return batch;
            }
        }

        if (next < end)
        {
            throw Lost(LakePaths.Silver, $"offset {next} is in no file", of);
        }
    }

    // Files whose offsets overlap, together: one commit wrote them.
    private IEnumerable<List<DataFile>> Groups(long first, long end)
    {
        var group = new List<DataFile>();
        long last = -1;
        foreach (DataFile file in _files)
        {
            if (file.LastOffset < first || file.FirstOffset >= end)
            {
                continue;
            }

            if (group.Count > 0 && file.FirstOffset > last)
            {
                yield return group;
                group = [];
            }

            group.Add(file);
            last = Math.Max(last, file.LastOffset);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private List<MessageBatch> InOrder(List<DataFile> group, long first, long last, string of)
    {
        var places = new (MessageBatch? Batch, int Row)[checked((int)(last - first + 1))];
        foreach (DataFile file in group)
        {
            Place(file, first, places, of);
        }

        int missing = Array.FindIndex(places, static place => place.Batch is null);
        if (missing >= 0)
        {
            throw Lost(LakePaths.Silver, $"offset {first + missing} is in no file", of);
        }

        var batches = new List<MessageBatch>();
        foreach ((MessageBatch? Batch, int Row)[] piece in places.Chunk(ParquetMessages.BatchRows))
        {
            var batch = new MessageBatch();
            batch.Reserve(piece.Length);
            foreach ((MessageBatch? from, int row) in piece)
            {
                batch.AppendRow(from!, row);
            }

            batches.Add(batch);
        }

        return batches;
    }

    private void Place(DataFile file, long first, (MessageBatch? Batch, int Row)[] places, string of)
    {
        string path = PartitionReader.Locate(store, manifest, file) ?? file.Path;
        try
        {
            using ParquetReader reader = ParquetReader.Open(VerifiedBronze.Open(store, path, file.Length, file.Crc32C).AsStream(), path);
            var messages = new ParquetMessages(reader, file.Path[(file.Path.LastIndexOf('/') + 1)..], zone, ids, isTaken: true) { ReadsKept = true };
            var offsets = new Int64Buffer();
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                reader.Read(group, "bronze_offset", offsets);
                int at = 0;
                foreach (MessageBatch batch in messages.ReadRowGroup(group))
                {
                    for (int row = 0; row < batch.Count; row++)
                    {
                        long place = offsets.Values[at++] - first;
                        if (place >= 0 && place < places.Length)
                        {
                            places[place] = (batch, row);
                        }
                    }
                }
            }
        }
        catch (Exception e) when (e is CorruptDataException or ParquetException or FileNotFoundException)
        {
            throw Lost(path, "it is missing, or not as it was written", of);
        }
    }

    private static CorruptDataException Lost(string where, string what, string of) =>
        new(where, -1, $"{what}, and the rows of {of}, which is gone or has changed, are nowhere else", $"Restore it, or put {of} back as it was.");
}
