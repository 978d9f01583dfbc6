using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Ingest;

/// <content>
/// Records that were rejected when their file was read before: those whose timestamps could not be read then are read as the
/// file is specified to write them now, and rows of a table, which nothing else can read, through the mapping. What was accepted then stays
/// as it is.
/// </content>
internal sealed partial class Ingestor
{
    // Of a stream, nothing can be read again.
    private void ReplayRejected(Stream source, byte[] magic, TextLayout layout, string name)
    {
        bool isMapped = layout.IsTable && _rules.Mapping is not null && _skippedBecause is not null;
        if ((_options.TimestampFormat is null && !isMapped) || source is not FileStream { CanSeek: true } file)
        {
            return;
        }

        CsvParser? rows = layout.IsTable ? (_rules with { Source = name }).NewCsvParser(HeaderOf(file, magic, layout), layout.Separator) : null;
        NdjsonParser json = (_rules with { Source = name }).NewJsonParser();
        using var text = new TextPlaces(() => TextSource.Unpack(OpenAgain(file), magic));
        ReplayRejected(name, _options.TimestampFormat, (QuarantineEntry entry, byte[]? _, MessageBatch messages, List<Rejection> rejections, out string? fault) =>
        {
            fault = null;

            // Another file of the name may have had another header.
            Rejection one = entry.Rejection;
            if (!IsOf(name, entry) || !text.Holds(one.Position, one.Raw))
            {
                return false;
            }

            if (rows is null)
            {
                json.ReceivedAt = entry.ReceivedAt(_rules.Clock);
                json.ParseRecord(one.Raw, one.Record, one.Position, messages, rejections);
            }
            else
            {
                rows.ReceivedAt = entry.ReceivedAt(_rules.Clock);
                rows.Parse(one.Raw, one.Record, one.Position, messages, rejections);
            }

            return true;
        });
    }

    // Of a file that is skipped: whether fewer records are rejected in the specified format than when it was read.
    private void CompareFormat(FileStream file, byte[] magic, TextLayout layout, SourceProgress.FileProgress completed)
    {
        // Of what was rejected of one that was ingested again, nobody knows which time that was.
        if (_options.Format is not { } format || _skippedBecause is null || completed.Take > 1)
        {
            return;
        }

        // By their places, since another file of the name may have had the same record there.
        var rejected = new HashSet<long>();
        using (var text = new TextPlaces(() => TextSource.Unpack(OpenAgain(file), magic)))
        {
            ReplayQuarantine(
                new QuarantineReplayOptions { IsDryRun = true },
                (QuarantineEntry entry, byte[]? _, MessageBatch _, List<Rejection> _, out string? fault) =>
                {
                    fault = null;
                    if (entry.Source == completed.Name && text.Holds(entry.Rejection.Position, entry.Rejection.Raw))
                    {
                        rejected.Add(entry.Rejection.Position);
                    }

                    return false;
                },
                _cancellation);
        }

        if (rejected.Count == 0)
        {
            return;
        }

        using FileStream again = OpenAgain(file);
        var blocks = new TextBlockReader(TextSource.Unpack(again, magic), layout, eager: false, _options.BlockBytes);
        using var source = new TextSource(blocks, _rules, _work.Threads, _options.ReadsInline, _cancellation);
        bool hasMessages = false;
        var failed = new HashSet<long>();
        while (failed.Count < rejected.Count && source.Next() is { } block)
        {
            hasMessages |= block.Batch.Count > 0;
            failed.UnionWith(block.Rejections.Select(static one => one.Position));
        }

        if (hasMessages && failed.Count < rejected.Count)
        {
            long records = completed.EndRecord - 1;
            string few = rejected.Count < records ? $"{Counted.Of(rejected.Count, "record")} of it {(rejected.Count == 1 ? "was" : "were")} rejected"
                : records == 1 ? "its only record was not a message" : $"none of its {records} records was a message";
            _rejected += rejected.Count;
            _skippedBecause = $"{completed.Name} was ingested before, but read otherwise: {few} then; --again ingests it as {Name(format)}";
        }
    }

    private static string Name(IngestFormat format) => format == IngestFormat.Ndjson ? "NDJSON" : format.ToString().ToUpperInvariant();

    // A row of Parquet is kept as JSON.
    private void ReplayRejected(string name)
    {
        if (_options.TimestampFormat is not { } format)
        {
            return;
        }

        NdjsonParser json = (_rules with { Source = name }).NewStoredRowParser();
        ReplayRejected(name, format, (QuarantineEntry entry, byte[]? _, MessageBatch messages, List<Rejection> rejections, out string? fault) =>
        {
            fault = null;
            Rejection one = entry.Rejection;
            bool isOfFile = IsOf(name, entry) && one.Position < 0;
            if (isOfFile)
            {
                json.ParseRecord(one.Raw, one.Record, 0, messages, rejections);
            }

            return isOfFile;
        });
    }

    // What went through another mapping is left alone, unless one is asked for.
    private bool IsOf(string name, QuarantineEntry entry) =>
        entry.Source == name && (_options.IsMappingAsked || entry.Rejection.Mapping is null);

    private void ReplayRejected(string name, TimestampFormat? format, RecordReading reading)
    {
        QuarantineReplaySummary summary = ReplayQuarantine(new QuarantineReplayOptions { TimestampFormat = format }, reading, _cancellation);
        int failed = summary.Failures.Count;
        if (_skippedBecause is not null && format is not null)
        {
            // Nothing else is reported of the file. Of one that has grown, what was rejected now is counted, and that is in quarantine once.
            _rejected += failed;
            foreach (QuarantineReplayFailure failure in summary.Failures)
            {
                _byReason[failure.Reason] = _byReason.GetValueOrDefault(failure.Reason) + 1;
            }
        }

        _accepted += summary.Accepted;
        if (summary.Replayed > 0)
        {
            _skippedBecause = null;
            _notes.Add($"{name} was ingested before; {Counted.Of(summary.Replayed, "record")} of it that had been rejected {(summary.Replayed == 1 ? "is a message" : "are messages")} now{(failed == 0 ? "" : $", and {failed} still cannot be read: {summary.Failures[0].Detail.TrimEnd('.')}")}.");
        }
        else if (failed > 0 && _skippedBecause is not null)
        {
            _skippedBecause = $"{name} was ingested before, and {(format is null ? "its mapping" : $"--timestamp-format {format}")} {(failed == 1 ? "does not read the record of it that was" : $"reads none of the {failed} records of it that were")} rejected then ({summary.Failures[0].Detail.TrimEnd('.')})";
        }
        else if (failed > 0 && format is not null)
        {
            _notes.Add($"{Counted.Of(failed, "record")} of {name} that {(failed == 1 ? "was" : "were")} rejected, now or before, cannot be read by {format}.");
        }

        Flush();
    }
}
