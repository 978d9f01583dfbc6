using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Writes what one commit adds: a bronze file for each unbroken range of offsets that has none yet, a silver file for
/// each table and date, and the quarantine. The files are independent of each other, so they are written side by
/// side, the largest first; their bytes depend on the rows alone.
/// </summary>
internal sealed class CommitFiles(ILakeStore store, PartitionStore owner, CountryTable countries, IdTypes ids, AddedData added, LakeCodec codec, ParallelWork work)
{
    private readonly PartitionId _partition = owner.Partition;
    private readonly Epoch _epoch = owner.Epoch;

    private readonly ParquetWriterOptions _bronzeOptions = new() { Codec = CodecOf(codec), KeyValueMetadata = added.Metadata };

    // Rows of a file are in bronze order, which is what readers of silver may rely on.
    private readonly ParquetWriterOptions _silverOptions = new() { Codec = CodecOf(codec), KeyValueMetadata = added.Metadata, SortOrder = [new SortingColumn("bronze_offset")] };

    /// <summary>Writes bronze, silver and quarantine files under temporary names, ordered by path.</summary>
    /// <param name="batches">Applied batches in bronze order.</param>
    /// <param name="quarantined">Rejected records in the order of the log.</param>
    /// <param name="beside">Other work that is done beside the files.</param>
    internal List<NewDataFile> Write(
        IReadOnlyList<AppliedBatch> batches, IReadOnlyList<QuarantinedRecord> quarantined, params Action[] beside)
    {
        var eventTypes = new NameTable();
        var channels = new NameTable();
        foreach (AppliedBatch batch in batches)
        {
            batch.MapNames(eventTypes, channels);
        }

        var pieces = new List<(long Rows, Func<NewDataFile> Write)>();
        foreach (List<RowRun> range in BronzeRanges(batches))
        {
            pieces.Add((range.Sum(r => (long)r.Rows.Length), () => WriteBronze(range, eventTypes, channels)));
        }

        foreach (SilverGroup group in SilverGroups.Of(batches, work))
        {
            pieces.Add((group.Rows, () => WriteSilver(group, eventTypes, channels)));
        }

        if (quarantined.Count > 0)
        {
            pieces.Add((quarantined.Count, () => QuarantineFiles.Write(store, _partition, _epoch, quarantined)));
        }

        pieces.Sort((a, b) => b.Rows.CompareTo(a.Rows));
        var files = new NewDataFile[pieces.Count];
        try
        {
            work.For(beside.Length + files.Length, i =>
            {
                if (i < beside.Length)
                {
                    beside[i]();
                }
                else
                {
                    files[i - beside.Length] = pieces[i - beside.Length].Write();
                }
            });
        }
        catch
        {
            owner.Discard(files.Where(static file => file is not null));

            throw;
        }

        return [.. files.OrderBy(f => f.File.Path, StringComparer.Ordinal)];
    }

    private static Codec CodecOf(LakeCodec codec) => codec switch
    {
        LakeCodec.Zstd => Codec.Zstd,
        LakeCodec.Snappy => Codec.Snappy,
        LakeCodec.Lz4Raw => Codec.Lz4Raw,
        LakeCodec.Gzip => Codec.Gzip,
        LakeCodec.Brotli => Codec.Brotli,
        LakeCodec.None => Codec.None,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Not a codec that is written."),
    };

    private NewDataFile WriteBronze(List<RowRun> runs, NameTable eventTypes, NameTable channels)
    {
        long first = runs[0].Batch.FirstOffset;
        long last = runs[^1].Batch.FirstOffset + runs[^1].Batch.Batch.Count - 1;
        var name = new DataFileName(_partition, _epoch, first, last);
        string path = LakePaths.DataFile(DataKind.Bronze, null, name);
        KeptFields kept = KeptData.In(runs);
        return DataFileWriter.Write(
            store, path, DataKind.Bronze, last - first + 1, first, last, MessageSchemas.Bronze(kept, ids, added), _bronzeOptions,
            parquet =>
            {
                foreach (List<RowRun> group in DataFileWriter.RowGroups(runs))
                {
                    using var columns = MessageColumns.Of(group);
                    parquet.WriteRowGroup(columns.Bronze(eventTypes, channels, ids, kept, added).ToArray());
                }
            });
    }

    private NewDataFile WriteSilver(SilverGroup group, NameTable eventTypes, NameTable channels)
    {
        DataKind kind = group.IsCorrupted ? DataKind.MessagesCorrupted : DataKind.Messages;
        var name = new DataFileName(_partition, _epoch, group.FirstOffset, group.LastOffset);
        string path = LakePaths.DataFile(kind, DataFileWriter.DateFolder(group.Day), name);
        KeptFields kept = KeptData.In(group.Runs);
        return DataFileWriter.Write(
            store, path, kind, group.Rows, group.FirstOffset, group.LastOffset, MessageSchemas.Silver(kept, ids, added), _silverOptions,
            parquet =>
            {
                while (group.RowGroups.TryDequeue(out MessageColumns? columns))
                {
                    using (columns)
                    {
                        parquet.WriteRowGroup(columns.Silver(eventTypes, channels, countries, ids, kept, added).ToArray());
                    }
                }
            });
    }

    // Rows that are not in bronze Parquet yet, cut where an external file comes between them.
    private static List<List<RowRun>> BronzeRanges(IReadOnlyList<AppliedBatch> batches)
    {
        var ranges = new List<List<RowRun>>();
        long next = -1;
        foreach (AppliedBatch batch in batches)
        {
            if (batch.IsInBronze || batch.Batch.Count == 0)
            {
                continue;
            }

            if (batch.FirstOffset != next)
            {
                ranges.Add([]);
            }

            ranges[^1].Add(RowRun.AllOf(batch));
            next = batch.FirstOffset + batch.Batch.Count;
        }

        return ranges;
    }
}
