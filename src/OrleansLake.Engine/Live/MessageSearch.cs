using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Live;

/// <summary>
/// Finds all copies of a message: in silver's files, of which statistics and bloom filters leave few to read, and among
/// the rows that wait to be published. Both are of one version; the files are read while the partition continues.
/// </summary>
internal static class MessageSearch
{
    private const int TriesMax = 5;

    /// <summary>Returns all copies of a message that one partition has, as of one version.</summary>
    internal static MessageHistory Run(LakePartition partition, string messageId) =>
        Run(partition, moment => new LiveVersion(moment.Generation, [moment.Applied.Offset], partition.Clock.GetUtcNow()), messageId);

    internal static MessageHistory Run(LakePartition partition, Func<PartitionVersion, LiveVersion> momentOf, string messageId)
    {
        byte[] id = Encoding.UTF8.GetBytes(messageId);
        for (int tries = 1; ; tries++)
        {
            (LiveVersion at, AppliedBatch[] pending, DataFile[] files) = partition.Look(moment => (
                momentOf(moment),
                moment.Pending.ToArray(),
                moment.Files.Values.ToArray()));
            var copies = new List<StoredCopy>();
            foreach (AppliedBatch batch in pending)
            {
                Search(batch, id, copies);
            }

            try
            {
                copies.AddRange(Search(partition.Store, files, id));
                return new MessageHistory(at, Judge(copies, partition.Added));
            }
            catch (FileNotFoundException) when (tries < TriesMax)
            {
                // A later commit took a file away: its rows are in another one now.
            }
        }
    }

    /// <summary>Returns the copies of a message that silver's files have; their order, and which one counts, is left to <see cref="Judge"/>.</summary>
    /// <exception cref="FileNotFoundException">A file has gone.</exception>
    internal static List<StoredCopy> Search(ILakeStore store, IEnumerable<DataFile> files, byte[] id)
    {
        var copies = new List<StoredCopy>();
        try
        {
            Parallel.ForEach(
                files.Where(static file => file.Kind is DataKind.Messages or DataKind.MessagesCorrupted),
                new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2) },
                file =>
                {
                    foreach (StoredCopy copy in Search(store, file, id))
                    {
                        lock (copies)
                        {
                            copies.Add(copy);
                        }
                    }
                });
            return copies;
        }
        catch (AggregateException e) when (e.InnerExceptions.All(static inner => inner is FileNotFoundException or DirectoryNotFoundException))
        {
            throw new FileNotFoundException(e.InnerExceptions[0].Message, (e.InnerExceptions[0] as FileNotFoundException)?.FileName, e);
        }
    }

    /// <summary>Adds the copies of a message that a batch has.</summary>
    internal static void Search(AppliedBatch applied, byte[] id, List<StoredCopy> copies)
    {
        MessageBatch batch = applied.Batch;
        MessageIdColumn ids = batch.MessageIds;
        bool isUuid = UuidText.TryParse(id, out MessageIdBits bits);
        for (int row = 0; row < batch.Count; row++)
        {
            bool isIt = isUuid ? ids.Kinds[row] == MessageIdKind.Uuid && ids.Bits[row] == bits
                : ids.Kinds[row] == MessageIdKind.Text && ids.Texts[(int)ids.Bits[row].Low].SequenceEqual(id);
            if (!isIt)
            {
                continue;
            }

            copies.Add(new StoredCopy(
                applied.FirstOffset + row,
                batch.Timestamps.IsNull(row) ? null : batch.Timestamps.Values[row],
                LakeDates.Text(applied.Days[row]),
                batch.Values.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Values[row]),
                Text(batch.EventTypes, row),
                Text(batch.Channels, row),
                batch.CountryIds[row],
                batch.UserIds[row],
                applied.IsCorrupted[row] != 0,
                null)
            {
                Attributes = batch.Kept is { } kept && !kept.Attributes.IsNull(row) ? Encoding.UTF8.GetString(kept.Attributes[row]) : null,
                Source = batch.Kept is { } from ? Text(from.Sources, row) : null,
                SourceOffset = batch.Kept is { } place && !place.SourceOffsets.IsNull(row) ? place.SourceOffsets.Values[row] : null,
            });
        }
    }

    private static string? Text(NameColumn names, int row) =>
        names.Codes[row] == NameColumn.NullCode ? null : Encoding.UTF8.GetString(names.Names[names.Codes[row]]);

    private static List<StoredCopy> Search(ILakeStore store, DataFile file, byte[] id)
    {
        var copies = new List<StoredCopy>();
        using ParquetReader reader = ParquetReader.Open(store.OpenStream(file.Path), file.Path);
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            IReadOnlyList<RowRange> candidates = reader.Find(group, ColumnRange.EqualTo("message_id", id));
            if (candidates.Count == 0)
            {
                continue;
            }

            var ids = new BytesBuffer();
            reader.Read(group, "message_id", ids, candidates);
            List<RowRange> found = Matching(candidates, ids, id);
            if (found.Count > 0)
            {
                Read(reader, group, found, file, copies);
            }
        }

        return copies;
    }

    private static List<RowRange> Matching(IReadOnlyList<RowRange> candidates, BytesBuffer ids, byte[] id)
    {
        var found = new List<RowRange>();
        int at = 0;
        foreach (RowRange range in candidates)
        {
            for (int row = range.Start; row < range.End; row++, at++)
            {
                if (!ids.IsNull(at) && ids[at].SequenceEqual(id))
                {
                    found.Add(new RowRange(row, 1));
                }
            }
        }

        return found;
    }

    private static void Read(ParquetReader reader, int group, List<RowRange> rows, DataFile file, List<StoredCopy> copies)
    {
        Int64Buffer timestamps = new(), offsets = new();
        BytesBuffer values = new(), eventTypes = new(), channels = new();
        reader.Read(group, "timestamp", timestamps, rows);
        reader.Read(group, "bronze_offset", offsets, rows);
        Func<int, IdValue?> countries = Ids(reader, group, "country_id", rows);
        Func<int, IdValue?> users = Ids(reader, group, "user_id", rows);
        reader.Read(group, "value", values, rows);
        reader.Read(group, "event_type", eventTypes, rows);
        reader.Read(group, "channel", channels, rows);
        KeptBuffers? kept = KeptBuffers.Read(reader, group, rows);
        string folder = Path.GetFileName(Path.GetDirectoryName(file.Path))!["date=".Length..];
        for (int i = 0; i < offsets.Count; i++)
        {
            copies.Add(new StoredCopy(
                offsets.Values[i],
                timestamps.IsNull(i) ? null : timestamps.Values[i],
                folder == LakePaths.DefaultDate ? null : folder,
                Text(values, i),
                Text(eventTypes, i),
                Text(channels, i),
                countries(i),
                users(i),
                file.Kind == DataKind.MessagesCorrupted,
                null)
            {
                Attributes = kept is null ? null : Text(kept.Attributes(i)),
                Source = kept is null ? null : Text(kept.Source(i)),
                SourceOffset = kept?.SourceOffset(i),
            });
        }
    }

    // Silver is ours: its columns have the types of the lake's ids.
    private static Func<int, IdValue?> Ids(ParquetReader reader, int group, string name, List<RowRange> rows)
    {
        switch (reader.Columns.First(column => column.Name == name).StoredAs)
        {
            case PhysicalType.Int32:
                var numbers = new Int32Buffer();
                reader.Read(group, name, numbers, rows);
                return i => numbers.IsNull(i) ? null : numbers.Values[i];
            case PhysicalType.Int64:
                var wide = new Int64Buffer();
                reader.Read(group, name, wide, rows);
                return i => wide.IsNull(i) ? null : wide.Values[i];
            default:
                var texts = new BytesBuffer();
                reader.Read(group, name, texts, rows);
                return i => Text(texts, i) is { } text ? new IdValue(text) : null;
        }
    }

    private static string? Text(ReadOnlySpan<byte> text) => text.IsEmpty ? null : Encoding.UTF8.GetString(text);

    private static string? Text(BytesBuffer texts, int row) => texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts[row]);

    /// <summary>Returns the copies by offset, with the columns that the lake adds and the one that counts: it follows from the copies alone, as the first of its key by timestamp and offset, a null timestamp last.</summary>
    internal static List<StoredCopy> Judge(List<StoredCopy> copies, AddedData added)
    {
        Dictionary<(string?, string?), long> counted = copies.Where(copy => !copy.IsCorrupted)
            .GroupBy(copy => (copy.EventType, copy.Channel))
            .ToDictionary(
                key => key.Key,
                key => key.OrderBy(copy => copy.TimestampMicros is null).ThenBy(copy => copy.TimestampMicros).ThenBy(copy => copy.Offset).First().Offset);
        return
        [
            .. copies.OrderBy(copy => copy.Offset)
                .Select(copy => copy with { Columns = added.Json(copy.Attributes) })
                .Select(copy => copy.IsCorrupted ? copy : copy with { CountedOffset = counted[(copy.EventType, copy.Channel)] }),
        ];
    }
}
