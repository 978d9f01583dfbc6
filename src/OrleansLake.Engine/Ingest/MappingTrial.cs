using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine;

/// <summary>Reads records as <see cref="Lake.IngestAsync"/> would, one by one, and stores nothing.</summary>
public static class MappingTrial
{
    /// <summary>Reads the records of a text.</summary>
    /// <param name="source">The text, packed or not, from its start on; it stays open.</param>
    /// <param name="name">Its name, for the guess of its format.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="options">The options of the ingest; a mapping that is null is none.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says what it is.</exception>
    public static IEnumerable<TriedRecord> Read(Stream source, string name, LakeTimeZone zone, IngestOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var rules = new RecordRules(zone, options.TimestampFormat, options.Mapping, TimeProvider.System);
        byte[] magic = new byte[4];
        magic = magic[..source.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
        string? packing = TextSource.IsPacked(magic) ? KnownBytes.KindWithin(magic) : null;
        TextStart start = TextStart.Read(
            TextSource.Unpack(new PrefixedStream(magic, source), magic), new TextGuess(name, options.Format, rules, packing), isEager: false);

        // Of the smallest blocks, each has one record.
        var blocks = new TextBlockReader(start.Text, start.Layout, eager: false, blockBytes: 1);
        using var text = new TextSource(blocks, rules, threads: 1, readsInline: true, CancellationToken.None);
        while (blocks.Read() is { } block)
        {
            byte[] raw = block.Bytes.ToArray();
            ParsedBlock parsed = text.Parse(block);
            if (parsed.Batch.Count + parsed.Rejections.Count > 0)
            {
                yield return new TriedRecord(parsed.FirstRecord, raw.AsSpan().TrimEnd("\r\n"u8).ToArray(), parsed.Batch, parsed.Rejections);
            }
        }
    }
}
