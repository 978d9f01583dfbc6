using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Quarantine;

/// <summary>Reads rejected records back, from the files of quarantine and from the frames that are not published yet.</summary>
internal static class QuarantineReader
{
    /// <summary>Reads the records of a partition, in order: those of published files, then those that are in the log only.</summary>
    /// <param name="store">The store of the files.</param>
    /// <param name="partition">The partition, counted from 0.</param>
    /// <param name="quarantined">Its data files, and the frames that are not in them yet.</param>
    /// <param name="wanted">The records.</param>
    /// <param name="settlement">What became of a record.</param>
    /// <exception cref="LakeRefusedException">A newer version wrote one of the files.</exception>
    internal static IEnumerable<QuarantineEntry> Read(
        ILakeStore store, int partition, (IEnumerable<DataFile> Files, IEnumerable<LogFrame> Frames) quarantined, IReadOnlyList<QuarantineRange> wanted,
        Func<QuarantineId, QuarantineSettlement> settlement) =>
        Read(store, partition, quarantined.Files, wanted, settlement)
            .Concat(quarantined.Frames.SelectMany(frame => Read(frame, partition, wanted, settlement)));

    /// <summary>Reads the records of published files, in order, one row group in memory at a time.</summary>
    /// <param name="store">The store of the files.</param>
    /// <param name="partition">The partition, counted from 0.</param>
    /// <param name="files">Its data files, of whatever kind.</param>
    /// <param name="wanted">The records; files that hold none of them are left alone.</param>
    /// <param name="settlement">What became of a record.</param>
    /// <exception cref="LakeRefusedException">A newer version wrote one of the files.</exception>
    internal static IEnumerable<QuarantineEntry> Read(
        ILakeStore store, int partition, IEnumerable<DataFile> files, IReadOnlyList<QuarantineRange> wanted, Func<QuarantineId, QuarantineSettlement> settlement)
    {
        foreach (DataFile file in files.Where(f => f.Kind == DataKind.Quarantine).OrderBy(f => f.FirstOffset))
        {
            if (!wanted.Any(range => range.Overlaps(partition, file.FirstOffset, file.LastOffset)))
            {
                continue;
            }

            using ParquetReader reader = ParquetReader.Open(store.OpenStream(file.Path), file.Path);
            FileFormat.ThrowIfNewer(reader);
            int rowsBefore = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                foreach (QuarantineEntry entry in ReadRowGroup(reader, partition, group, file.FirstOffset, rowsBefore, wanted))
                {
                    yield return entry with { Settlement = settlement(entry.Id) };
                }

                rowsBefore += reader.RowCountOf(group);
            }
        }
    }

    /// <summary>Returns the records of one frame of a partition's log.</summary>
    private static IEnumerable<QuarantineEntry> Read(LogFrame frame, int partition, IReadOnlyList<QuarantineRange> wanted, Func<QuarantineId, QuarantineSettlement> settlement)
    {
        for (int index = 0; index < frame.Rejections.Count; index++)
        {
            var id = new QuarantineId(frame.Start.Sequence, index, partition);
            if (wanted.Any(range => range.Contains(id)))
            {
                yield return new QuarantineEntry(frame.RejectedSource, frame.Rejections[index])
                {
                    Id = id,
                    RejectedAt = frame.WrittenAt == 0 ? null : Instant(frame.WrittenAt),
                    Settlement = settlement(id),
                };
            }
        }
    }

    private static List<QuarantineEntry> ReadRowGroup(
        ParquetReader reader, int partition, int group, long firstSequence, int rowsBefore, IReadOnlyList<QuarantineRange> wanted)
    {
        QuarantineId[] ids = Ids(reader, partition, group, firstSequence, rowsBefore);
        var entries = new List<QuarantineEntry>();
        if (!ids.Any(id => wanted.Any(range => range.Contains(id))))
        {
            return entries;
        }

        BytesBuffer reasons = new(), details = new(), sources = new(), raws = new(), mappings = new();
        Int64Buffer records = new(), positions = new(), times = new();
        reader.Read(group, "reason", reasons);
        reader.Read(group, "detail", details);
        reader.Read(group, "source", sources);
        reader.Read(group, "record", records);
        reader.Read(group, "position", positions);
        reader.Read(group, "raw", raws);
        bool isMapped = reader.HasColumn("mapping");
        if (isMapped)
        {
            reader.Read(group, "mapping", mappings);
        }

        if (reader.HasColumn("rejected_at"))
        {
            reader.Read(group, "rejected_at", times);
        }
        else
        {
            times.FillNull(ids.Length);
        }

        for (int row = 0; row < ids.Length; row++)
        {
            if (!wanted.Any(range => range.Contains(ids[row])))
            {
                continue;
            }

            string reason = Encoding.UTF8.GetString(reasons[row]);
            var rejection = new Rejection(
                Enum.TryParse(reason, out RejectionReason known) ? known : throw new ParquetException($"A record of quarantine has the reason '{reason}', which this version does not know: use a newer one."),
                Encoding.UTF8.GetString(details[row]),
                records.Values[row],
                positions.IsNull(row) ? -1 : positions.Values[row],
                raws[row].ToArray())
            {
                Mapping = isMapped && !mappings.IsNull(row) ? Encoding.UTF8.GetString(mappings[row]) : null,
            };
            entries.Add(new QuarantineEntry(Encoding.UTF8.GetString(sources[row]), rejection)
            {
                Id = ids[row],
                RejectedAt = times.IsNull(row) ? null : Instant(times.Values[row]),
            });
        }

        return entries;
    }

    // Files of earlier versions do not hold identities: their rows are numbered after the file's first frame, which no other
    // file has.
    private static QuarantineId[] Ids(ParquetReader reader, int partition, int group, long firstSequence, int rowsBefore)
    {
        var ids = new QuarantineId[reader.RowCountOf(group)];
        if (!reader.HasColumn("sequence") || !reader.HasColumn("index"))
        {
            for (int row = 0; row < ids.Length; row++)
            {
                ids[row] = new QuarantineId(firstSequence, rowsBefore + row, partition);
            }

            return ids;
        }

        var sequences = new Int64Buffer();
        var indexes = new Int32Buffer();
        reader.Read(group, "sequence", sequences);
        reader.Read(group, "index", indexes);
        for (int row = 0; row < ids.Length; row++)
        {
            ids[row] = new QuarantineId(sequences.Values[row], indexes.Values[row], partition);
        }

        return ids;
    }

    private static DateTimeOffset Instant(long micros) =>
        micros is > 0 and < 253_402_300_800_000_000 ? DateTimeOffset.UnixEpoch.AddMicroseconds(micros) : DateTimeOffset.UnixEpoch;
}
