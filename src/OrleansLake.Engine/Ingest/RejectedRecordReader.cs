using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Mappings;

namespace OrleansLake.Engine.Ingest;

/// <summary>Reads rejected records, or what takes their place, each through the mapping through which it was read before, or the one that is asked for.</summary>
/// <param name="zone">The lake's time zone.</param>
/// <param name="lake">The options of the lake: the clock, for records of which nobody knows when they were received, and what is kept.</param>
/// <param name="mappings">The lake's mappings.</param>
/// <param name="options">The format of timestamps, and the mapping that is asked for.</param>
internal sealed class RejectedRecordReader(LakeTimeZone zone, LakeOptions lake, LakeMappings mappings, QuarantineReplayOptions options)
{
    private const string Choose = "lake quarantine replay --mapping NAME|FILE|none";

    private readonly NdjsonParser _asMessages = RulesOf(null, zone, lake, options).NewJsonParser();
    private readonly Dictionary<string, (NdjsonParser Records, NdjsonParser Rows)> _parsers = [];

    /// <summary>Reads a record; see <see cref="RecordReading"/>.</summary>
    internal bool Read(QuarantineEntry entry, byte[]? fix, MessageBatch messages, List<Rejection> rejections, out string? fault)
    {
        byte[] record = fix ?? entry.Rejection.Raw;
        var read = new MessageBatch();
        if (ParsersOf(entry, out fault) is var (records, rows))
        {
            NdjsonParser parser = IsRow(entry, fix) ? rows : records;
            parser.ReceivedAt = entry.ReceivedAt(lake.Clock);
            Read(entry, parser, record, ref read, rejections);
        }

        // Rows of Parquet have the names of a message unless they were read through a mapping, and so may what a person writes.
        if ((fault is not null || rejections.Count > 0) && (fix is not null || IsRow(entry, fix)))
        {
            var asItIs = new MessageBatch();
            var faults = new List<Rejection>();
            Read(entry, _asMessages, record, ref asItIs, faults);
            if (faults.Count == 0 && asItIs.Count > 0)
            {
                fault = null;
                rejections.Clear();
                read = asItIs;
            }
        }

        for (int row = 0; row < read.Count; row++)
        {
            messages.AppendRow(read, row);
        }

        return fault is null;
    }

    private static RecordRules RulesOf(MessageMapping? mapping, LakeTimeZone zone, LakeOptions lake, QuarantineReplayOptions options) =>
        new(zone, options.TimestampFormat, mapping, lake.Clock) { Keep = lake.Keep ?? KeptFields.None, Ids = lake.Ids };

    private static bool IsRow(QuarantineEntry entry, byte[]? fix) => fix is null && entry.Rejection.Position < 0;

    private (NdjsonParser Records, NdjsonParser Rows)? ParsersOf(QuarantineEntry entry, out string? fault)
    {
        fault = null;
        string name = options.Mapping is null ? entry.Rejection.Mapping ?? MessageMapping.DefaultName : MessageMapping.DefaultName;
        if (_parsers.TryGetValue(name, out (NdjsonParser, NdjsonParser) known))
        {
            return known;
        }

        if (options.Mapping is not { } mapping && !mappings.TryFind(name == MessageMapping.DefaultName ? null : name, out mapping))
        {
            fault = name.Length == 0 ? $"it was read through a mapping that the lake does not keep: name one ({Choose})"
                : $"it was read through the mapping {name}, which the lake does not have any more: keep one of that name (lake mapping set {name} FILE), or name another ({Choose})";
            return null;
        }

        RecordRules rules = RulesOf(mapping, zone, lake, options);
        return _parsers[name] = (rules.NewJsonParser(), rules.NewStoredRowParser());
    }

    // A record is one JSON text, which may span several lines; what takes its place may be several, one a line.
    private static void Read(QuarantineEntry entry, NdjsonParser parser, byte[] record, ref MessageBatch messages, List<Rejection> rejections)
    {
        long number = 1;
        if (parser.Keeping is { } keeping)
        {
            // It came from where it came from then.
            keeping.Source = Encoding.UTF8.GetBytes(entry.Source);
            number = entry.Rejection.Record;
        }

        if (!record.AsSpan().ContainsAny((byte)'\n', (byte)'\r'))
        {
            parser.Parse(record, number, 0, messages, rejections);
            return;
        }

        parser.ParseRecord(record, number, 0, messages, rejections);
        if (rejections is [{ Reason: RejectionReason.NotReadable }])
        {
            var lines = new MessageBatch();
            var rejected = new List<Rejection>();
            parser.Parse(record, number, 0, lines, rejected);
            if (!rejected.Exists(static line => line.Reason == RejectionReason.NotReadable))
            {
                messages = lines;
                rejections.Clear();
                rejections.AddRange(rejected);
            }
        }
    }
}
