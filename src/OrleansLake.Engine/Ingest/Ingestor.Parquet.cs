using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Ingest;

/// <content>Parquet files, which continue by their rows.</content>
internal sealed partial class Ingestor
{
    // Columns that files have nowhere: which file was the first without them, and how many are.
    private readonly Dictionary<string, IReadOnlyList<string>> _missing = new(StringComparer.Ordinal);

    private void IngestParquet(FileStream file, string path, SourceName source)
    {
        string name = source.Name;
        long size = file.Length;
        uint whole = ChecksumOf(file);
        int take = 1;
        if ((CompletedOf(name, size, whole) ?? CompletedBefore(source, size, whole)) is { } completed)
        {
            if (!_options.Again)
            {
                Skip(completed with { Name = name });
                ReplayRejected(name);
                return;
            }

            take = completed.Take + 1;
        }

        bool isUnderWayAsBefore = source.NameBefore != name && _partitions.All.Any(partition =>
            partition.Registry.ProgressOf(source.NameBefore) is { } progress && progress.Size == size && progress.PrefixCrc32C == whole);
        name = isUnderWayAsBefore ? source.NameBefore : name;
        uint mark = isUnderWayAsBefore ? whole : source.Mark;
        SourceProgress.FileProgress?[] before = [.. _partitions.All.Select(partition =>
            partition.Registry.ProgressOf(name) is { } progress && progress.Take >= take && progress.Size == size && progress.WholeCrc32C == whole ? progress : null)];
        _taken = [.. before.Select(static progress => progress is null ? 0 : progress.EndRecord - 1)];
        take = before.Max(static progress => progress?.Take) ?? take;
        _resumedFrom = LeastIngested() is > 0 and var least ? least : _resumedFrom;
        using ParquetReader reader = ParquetReader.Open(path, source.Shown);
        long bytesBefore = _bytes;
        long rows = 0;
        foreach (ParsedRows parsed in _rules.Mapping is { } mapping ? MappedRows(reader, source, mapping) : PlainRows(reader, source))
        {
            _cancellation.ThrowIfCancellationRequested();
            rows += parsed.Rows;
            if (rows <= LeastIngested())
            {
                continue;
            }

            long position = size * rows / Math.Max(1, reader.Metadata.RowCount);
            _bytes = bytesBefore + position;
            var progress = new SourceProgress.FileProgress(name, size, mark, position, rows + 1, false, whole, take);
            LeaveOut(parsed.LeftOut, source.Shown);
            Append(parsed.Messages, parsed.Rejections, source.Name, rows, rows, (_, _) => progress, parsed.Rows * 100);
            if (_unflushedBytes >= FlushBytesMax)
            {
                Flush();
            }
        }

        NoteTimes(source.Shown);
        _bytes = bytesBefore + size;
        Complete(new SourceProgress.FileProgress(name, size, mark, size, rows + 1, true, whole, take));
        if (isUnderWayAsBefore)
        {
            Complete(new SourceProgress.FileProgress(source.Name, size, source.Mark, size, rows + 1, true, whole, take));
        }
    }

    private IEnumerable<ParsedRows> PlainRows(ParquetReader reader, SourceName source)
    {
        var messages = new ParquetMessages(reader, source.Name, _zone, _rules.Ids, _options.TimestampFormat);
        Note(messages, source);
        LeaveOutColumns(reader, ParquetMessages.IsColumn, source.Shown);
        KeptRows? kept = (_rules with { Source = source.Name }).NewRowKeeping() is { } keeping ? new KeptRows(reader, source.Name, keeping) : null;
        return messages.Rows(_work).Select(read =>
        {
            var rejections = new List<Rejection>();
            MessageBatch valid = RowValidation.Keep(read, _zone, rejections);
            kept?.Add(valid, read.FirstRow, read.Batch.Count, rejections);
            return new ParsedRows(valid, rejections, read.Batch.Count);
        });
    }

    private IEnumerable<ParsedRows> MappedRows(ParquetReader reader, SourceName source, MessageMapping mapping)
    {
        var rows = new MappedParquet(reader, source.Name, _rules with { Source = source.Name }, mapping);
        if (reader.RowCount == 0)
        {
            _notes.Add($"{source.Shown} has no rows.");
        }
        else if (mapping.DescribeMissing(rows.Columns) is { } missing)
        {
            NoteMissing(missing, source.Shown);
        }

        LeaveOutColumns(reader, rows.Takes, source.Shown);
        return rows.Rows(_work);
    }

    // Earlier versions knew a file without its folders: what they took is that of the first file that can be meant.
    private SourceProgress.FileProgress? CompletedBefore(SourceName source, long size, uint whole) =>
        source.NameBefore != source.Name && CompletedOf(source.NameBefore, size, whole) is { } before && before.PrefixCrc32C == whole
        && !_partitions.All.Any(partition => partition.Registry.NamesOf(size, whole).Any(source.IsNamesake))
            ? before with { PrefixCrc32C = source.Mark } : null;

    private void Note(ParquetMessages messages, SourceName source)
    {
        _notes.AddRange(messages.LookAlikes().Select(alike => $"{source.Shown} has {alike}."));
        if (messages.RowCount == 0)
        {
            _notes.Add($"{source.Shown} has no rows.");
        }
        else if (MissingColumns.Describe(messages.Columns, messages.Names) is { } missing)
        {
            NoteMissing(missing, source.Shown);
        }
    }

    private void NoteMissing(string missing, string file)
    {
        if (!_missing.TryGetValue(missing, out IReadOnlyList<string>? files))
        {
            _missing.Add(missing, files = new List<string>());
        }

        ((List<string>)files).Add(file);
    }

    // A folder of files that lack the same columns is one note.
    private IEnumerable<string> MissingNotes() => _missing.Select(static missing => IngestSummary.MissingNote(missing.Key, missing.Value));

    private void NotePath(SourceName source)
    {
        if (HivePath.Values(source.Name).Keys.FirstOrDefault(ParquetMessages.IsColumn) is { } column)
        {
            _notes.Add($"{source.Shown} is text, whose columns are in its records: {column} in its path is not looked at.");
        }
    }
}
