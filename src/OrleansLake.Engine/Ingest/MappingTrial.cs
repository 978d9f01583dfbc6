using OrleansLake.Core;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Ingest;

/// <summary>Reads records as <see cref="Lake.IngestAsync"/> would, one by one, and stores nothing.</summary>
internal static class MappingTrial
{
    /// <summary>Reads the records of a text or a Parquet file.</summary>
    /// <param name="source">The text, packed or not, or the file, from its start on; it stays open.</param>
    /// <param name="name">Its name, for the guess of its format.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="options">The options of the ingest; a mapping that is null is none.</param>
    /// <param name="ids">The types of the lake's ids; null: numbers of 32 bits.</param>
    /// <param name="notes">Gets what an ingest would note of the records.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says what it is.</exception>
    /// <exception cref="ParquetException">It is a Parquet file that cannot be read.</exception>
    public static IEnumerable<TriedRecord> Read(Stream source, string name, LakeTimeZone zone, IngestOptions options, IdTypes? ids = null, TrialNotes? notes = null)
    {
        var rules = new RecordRules(zone, options.Checked().TimestampFormat, options.Mapping, TimeProvider.System) { Ids = ids ?? IdTypes.Default, Keep = (notes?.Keep ?? KeptFields.None) & KeptFields.Attributes };
        byte[] magic = new byte[4];
        magic = magic[..source.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
        if (options.Format is { } said ? said == IngestFormat.Parquet : KnownBytes.KindWithin(magic) == KnownBytes.Parquet)
        {
            foreach (TriedRecord record in ReadParquet(source, magic, name, rules, notes))
            {
                yield return record;
            }

            yield break;
        }

        string? packing = TextSource.IsPacked(magic) ? KnownBytes.KindWithin(magic) : null;
        TextStart start = TextStart.Read(
            TextSource.Unpack(new PrefixedStream(magic, source), magic), new TextGuess(name, options.Format, rules, packing), isEager: false);

        // Of the smallest blocks, each has one record: whatever follows is not looked at yet.
        var blocks = new TextBlockReader(new SingleBytes(start.Text), start.Layout, eager: false, blockBytes: 1);
        using var text = new TextSource(blocks, rules, threads: 1, readsInline: true, CancellationToken.None);
        while (blocks.Read() is { } block)
        {
            byte[] raw = block.Bytes.ToArray();
            ParsedBlock parsed = text.Parse(block);
            if (parsed.Batch.Count + parsed.Rejections.Count > 0)
            {
                notes?.AddRecord(parsed.Columns, parsed.LeftOut, parsed.Batch, rules);
                yield return new TriedRecord(parsed.FirstRecord, raw.AsSpan().TrimEnd("\r\n"u8).ToArray(), parsed.Batch, parsed.Rejections);
            }
        }

        notes?.End();
    }

    private static IEnumerable<TriedRecord> ReadParquet(Stream source, byte[] start, string name, RecordRules rules, TrialNotes? notes)
    {
        using ParquetReader reader = ParquetReader.Open(SpooledParquet.Open(source, start), name);
        var mapped = new MappedParquet(reader, name, rules, rules.Mapping ?? MessageMapping.None);
        notes?.AddFile(mapped.Columns, LeftOutColumns.Of(reader, mapped.Takes, notes.Keep));
        long number = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            MappedRowGroup rows = mapped.Open(group);
            for (int row = 0; row < reader.RowCountOf(group); row++)
            {
                var messages = new MessageBatch();
                var rejections = new List<Rejection>();
                rows.Read(row, ++number, messages, rejections);
                notes?.AddRecord(KnownColumns.None, rows.TakeLeftOut(), messages, rules);
                yield return new TriedRecord(number, rows.Json(row), messages, rejections);
            }
        }

        notes?.End();
    }

    private sealed class SingleBytes(Stream from) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => from.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
