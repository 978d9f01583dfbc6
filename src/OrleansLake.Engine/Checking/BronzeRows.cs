using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Checking;

/// <summary>
/// All of bronze as of a manifest, in the order of its offsets: our files, and external ones. Of an external file that
/// a commit came in the middle of, only the rows before it.
/// </summary>
internal sealed class BronzeRows
{
    private readonly ILakeStore _store;
    private readonly LakeTimeZone _zone;
    private readonly IdTypes _ids;
    private readonly ParallelWork _work;
    private readonly ExternalFileRows _taken;
    private readonly SilverRows _silver;

    /// <param name="store">The store of the files.</param>
    /// <param name="view">The manifest.</param>
    /// <param name="share">Which of the external files' rows are the partition's.</param>
    /// <param name="external">The external files that were ingested before it, or in the middle of which it came.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="ids">The types of the lake's ids.</param>
    /// <param name="work">What decodes.</param>
    internal BronzeRows(ILakeStore store, ManifestView view, PartitionSlice share, IEnumerable<ExternalFileEntry> external, LakeTimeZone zone, IdTypes ids, ParallelWork work)
    {
        _store = store;
        _zone = zone;
        _ids = ids;
        _work = work;
        _taken = new ExternalFileRows(store, share, zone, ids, work);
        _silver = new SilverRows(store, view.Manifest, view.Files.Values, zone, ids);
        End = view.Manifest.Applied.Offset;
        First = End - view.Ledger.Total.Bronze;
        Files =
        [
            .. view.Files.Values.Where(file => file.Kind == DataKind.Bronze)
                .Select(file => new BronzeSource(file.Path, file.FirstOffset, file.Rows, file.Length, file.Crc32C, PartitionSlice.Whole))
                .Concat(external.Where(file => file.File is { Refused: null, Rows: > 0 } && file.FirstOffset < End)
                    .Select(file => new BronzeSource(file.File.Name, file.FirstOffset, Math.Min(file.File.Rows, End - file.FirstOffset), file.File.Size, file.File.Crc32C, share) { Entry = file, IsWhole = file.EndOffset <= End }))
                .OrderBy(file => file.FirstOffset),
        ];
    }

    /// <summary>Gets the first row's offset.</summary>
    internal long First { get; }

    /// <summary>Gets the offset after the last row's.</summary>
    internal long End { get; }

    /// <summary>Gets the files, in order.</summary>
    internal IReadOnlyList<BronzeSource> Files { get; }

    /// <summary>Returns the rows of one file, each batch with its first row's offset.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isLost">Whether an external file is not what it was: its rows are read from silver.</param>
    /// <exception cref="ParquetException">It cannot be read.</exception>
    /// <exception cref="CorruptDataException">It has other rows than were written.</exception>
    internal IEnumerable<(long Offset, MessageBatch Batch)> Read(BronzeSource file, bool isLost = false)
    {
        long offset = file.FirstOffset;
        IEnumerable<MessageBatch> batches = isLost ? _silver.Read(offset, offset + file.Rows, file.Path)
            : file.Entry is { } entry ? _taken.ReadVerified(entry, _silver, End)
            : ExternalBronze.Read(_store, file.Path, _zone, _ids, _work);
        foreach (MessageBatch batch in batches)
        {
            long left = file.FirstOffset + file.Rows - offset;
            if (batch.Count > left)
            {
                if (file.IsWhole)
                {
                    throw new CorruptDataException(file.Path, -1, $"it has more rows than the {file.Rows} that were written", "Restore the file.");
                }

                batch.Truncate((int)left);
            }

            if (batch.Count > 0)
            {
                yield return (offset, batch);
            }

            offset += batch.Count;
        }

        if (offset != file.FirstOffset + file.Rows)
        {
            throw new CorruptDataException(file.Path, -1, $"it has {Counted.Of(offset - file.FirstOffset, "row")}, and {file.Rows} were written", "Restore the file.");
        }
    }
}
