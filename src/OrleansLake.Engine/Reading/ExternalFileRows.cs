using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// A partition's rows of external bronze files that were ingested. A file may be gone, changed or unreadable
/// by now, before its rows are read or while they are: what is left of them comes from the file that has its bytes now, if
/// it was renamed, then from silver, and what silver does not have yet is lost with the file. Rows without anything hold the
/// places of these, so that the counts stay what they are.
/// </summary>
/// <remarks>
/// For files that were ingested before it was created: of those that are away, one scan of the folder says where their bytes are.
/// </remarks>
/// <param name="store">The store of the files.</param>
/// <param name="share">Which rows are the partition's.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="ids">The types of the lake's ids.</param>
/// <param name="work">What decodes.</param>
internal sealed class ExternalFileRows(ILakeStore store, PartitionSlice share, LakeTimeZone zone, IdTypes ids, ParallelWork work)
{
    private ExternalFileRegistry? _files;

    /// <summary>Returns the rows of a file of which silver may have the first ones.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="silver">Silver.</param>
    /// <param name="published">The offset before which silver has all rows.</param>
    /// <param name="lost">Told which rows are lost, if there are any.</param>
    /// <exception cref="CorruptDataException">Silver does not have them either.</exception>
    internal IEnumerable<MessageBatch> Read(ExternalFileEntry entry, SilverRows silver, long published, Action<LostRows>? lost = null) =>
        OrElseSilver(ExternalBronze.Reread(store, entry.File, share, zone, ids, work), entry, silver, published, lost);

    /// <summary>Returns the same of a file whose bytes the caller has verified.</summary>
    internal IEnumerable<MessageBatch> ReadVerified(ExternalFileEntry entry, SilverRows silver, long published) =>
        OrElseSilver(ExternalBronze.Read(store, entry.File.Name, zone, ids, work).Select(share.Of).OfType<MessageBatch>(), entry, silver, published, null);

    private IEnumerable<MessageBatch> OrElseSilver(
        IEnumerable<MessageBatch> file, ExternalFileEntry entry, SilverRows silver, long published, Action<LostRows>? lost) => OrElseRenamed(
        file,
        entry,
        given =>
        {
            long from = entry.FirstOffset + given;
            long end = Math.Max(from, Math.Min(entry.EndOffset, published));
            return silver.Read(from, end, entry.File.Name).Concat(Empty(entry, end, entry.EndOffset, lost));
        });

    /// <summary>Returns the rows of a file that is being applied.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="applied">The offset before which all rows were applied: what they are does not matter any more.</param>
    /// <param name="lost">Told which rows are lost, if there are any.</param>
    internal IEnumerable<MessageBatch> ReadToApply(ExternalFileEntry entry, Func<long> applied, Action<LostRows>? lost) => OrElseRenamed(
        ExternalBronze.Reread(store, entry.File, share, zone, ids, work),
        entry,
        given =>
        {
            long from = entry.FirstOffset + given;
            long end = Math.Clamp(applied(), from, Math.Max(from, entry.EndOffset));
            return Empty(entry, from, end, null).Concat(Empty(entry, end, entry.EndOffset, lost));
        });

    private IEnumerable<MessageBatch> OrElseRenamed(IEnumerable<MessageBatch> file, ExternalFileEntry entry, Func<long, IEnumerable<MessageBatch>> rest) => OrElse(
        file,
        given => (_files ??= ExternalBronze.Registry(store)).FindRenamed(entry.File) is { } path
            ? OrElse(After(given, ExternalBronze.Reread(store, entry.File with { Name = path }, share, zone, ids, work)), more => rest(given + more))
            : rest(given));

    private static IEnumerable<MessageBatch> After(long given, IEnumerable<MessageBatch> batches)
    {
        long before = 0;
        foreach (MessageBatch batch in batches)
        {
            int from = (int)Math.Clamp(given - before, 0, batch.Count);
            before += batch.Count;
            if (from == 0)
            {
                yield return batch;
            }
            else if (from < batch.Count)
            {
                var rest = new MessageBatch();
                for (int row = from; row < batch.Count; row++)
                {
                    rest.AppendRow(batch, row);
                }

                yield return rest;
            }
        }
    }

    private static IEnumerable<MessageBatch> OrElse(IEnumerable<MessageBatch> file, Func<long, IEnumerable<MessageBatch>> rest)
    {
        long given = 0;
        using IEnumerator<MessageBatch> rows = file.GetEnumerator();
        while (TryNext(rows) is { } hasNext)
        {
            if (!hasNext)
            {
                yield break;
            }

            given += rows.Current.Count;
            yield return rows.Current;
        }

        foreach (MessageBatch batch in rest(given))
        {
            yield return batch;
        }
    }

    // Null if the file is not what it was.
    private static bool? TryNext(IEnumerator<MessageBatch> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (Exception e) when (e is CorruptDataException or ParquetException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<MessageBatch> Empty(ExternalFileEntry entry, long from, long end, Action<LostRows>? lost)
    {
        if (from >= end)
        {
            yield break;
        }

        lost?.Invoke(new LostRows(entry.File.Name, from, end - from));
        for (long at = from; at < end; at += ParquetMessages.BatchRows)
        {
            var batch = new MessageBatch();
            int rows = (int)Math.Min(ParquetMessages.BatchRows, end - at);
            batch.Reserve(rows);
            for (int row = 0; row < rows; row++)
            {
                batch.Timestamps.AppendNull();
                batch.Values.AppendNull();
                batch.EventTypes.AppendNull();
                batch.MessageIds.AppendNull();
                batch.Channels.AppendNull();
                batch.CountryIds.AppendNull();
                batch.UserIds.AppendNull();
            }

            yield return batch;
        }
    }
}
