using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Ingest;

/// <content>Text: files that can continue, and streams that cannot.</content>
internal sealed partial class Ingestor
{
    // Of files that grew, as many as are looked at: a file that is ingested day by day has a pass for each.
    private const int GrownLookedAtMax = 3;

    private void TakeInput(Stream stream, string name)
    {
        _taken = new long[_partitions.Count];
        var raw = new ChecksumStream(stream);
        byte[] magic = new byte[4];
        magic = magic[..raw.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
        var whole = new PrefixedStream(magic, raw);
        try
        {
            if (_options.Format is { } said ? said == IngestFormat.Parquet : magic.AsSpan().SequenceEqual("PAR1"u8))
            {
                TakeSpooled(whole, name);
            }
            else
            {
                TakeInputText(raw, whole, magic, name);
            }
        }
        catch (InvalidDataException e)
        {
            _unreadable.Add($"{name}: {Told(e.Message)}");
        }

        Flush();
    }

    private void TakeInputText(ChecksumStream raw, Stream whole, byte[] magic, string name)
    {
        TextStart start = TextStart.Read(TextSource.Unpack(whole, magic), GuessOf(name, magic), isEager: true);
        if (_options.Key is { } key)
        {
            TakeBatch(key, start.Text, [], name, start, eager: true);
            return;
        }

        var blocks = new TextBlockReader(start.Text, start.Layout, eager: true, _options.BlockBytes);
        using var source = new TextSource(blocks, _rules with { Source = name }, _work.Threads, _options.ReadsInline, _cancellation);
        var consumed = new SourceProgress.Stream(name);
        KnownColumns columns = KnownColumns.None;
        try
        {
            while (source.Next() is { } block)
            {
                columns |= block.Columns;
                Append(block, name, (_, _) => consumed, raw.BytesRead);
                FlushUnlessMoreIsReady(source);
            }
        }
        finally
        {
            NoteColumns(name, start, blocks, columns);
            NoteTimes(name);
            NoteEncoding(name, magic);
        }

        if (blocks.IsArrayOpen)
        {
            throw new InvalidDataException(UnclosedArray(blocks));
        }

        NoteEmpty(name, blocks);
    }

    // Parquet is read from its end.
    private void TakeSpooled(Stream stream, string name)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (var kept = new FileStream(path, FileMode.Open, FileAccess.Write))
            {
                stream.CopyTo(kept);
            }

            TakeFile(path, new SourceName(name, name, name));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private void TakeText(FileStream file, string name, byte[] magic)
    {
        TextStart start = StartOf(file, magic, name);
        TextLayout layout = start.Layout;
        if (_options.Key is { } key)
        {
            TakeBatch(key, file, magic, name, start, eager: false);
            return;
        }

        long size = file.Length;
        int take = 1;
        if (_partitions.All.Any(partition => partition.Registry.MayBeCompleted(name, size)) && CompletedOf(name, size, ChecksumOf(file)) is { } completed)
        {
            if (!_options.Again)
            {
                Skip(completed);
                ReplayRejected(file, magic, layout, name);
                CompareFormat(file, magic, layout, completed);
                return;
            }

            take = completed.Take + 1;
        }

        var raw = new ChecksumStream(file);
        var blocks = new TextBlockReader(TextSource.Unpack(raw, magic), layout, eager: false, _options.BlockBytes);
        using var source = new TextSource(blocks, _rules with { Source = name }, _work.Threads, _options.ReadsInline, _cancellation);
        IngestedText?[] before = BeforeOf(file, magic, layout, name, size, ref take);
        _taken = [.. before.Select(static one => one?.Position ?? 0)];
        if (MostIngested() > 0)
        {
            Resume(blocks, source, layout.IsTable && LeastIngested() > 0 ? HeaderOf(file, magic, layout) : [], [.. before.Select(static one => (one?.Position ?? 0, one?.NextRecord ?? 1, one?.Records ?? 0))]);
        }

        long bytesBefore = _bytes;
        long end = blocks.Position;
        long endRecord = blocks.Records + 1;
        uint prefix = blocks.PrefixCrc32C;
        KnownColumns columns = KnownColumns.None;
        while (source.Next() is { } block)
        {
            columns |= block.Columns;
            if (IsHalf(block, layout) || (block.IsUnterminated && blocks.IsArrayOpen && IsHalfElement(block)))
            {
                // It may be whole when the file has been written to its end, so it is left where it is.
                throw new InvalidDataException(
                    $"it ends in the middle of record {block.FirstRecord}, at byte {end} ({ShownText.Quoted(block.Rejections[^1].Raw)}); that record is read when the file has the rest of it");
            }

            var progress = new SourceProgress.FileProgress(name, size, block.PrefixCrc32C, block.EndPosition, block.EndRecord, false, null, take);
            Append(block, name, (_, _) => progress, bytesBefore + raw.BytesRead);
            (end, endRecord, prefix) = (block.EndPosition, block.EndRecord, block.PrefixCrc32C);
            FlushUnlessMoreIsReady(source);
        }

        NoteColumns(name, start, blocks, columns);
        NoteTimes(name);
        NoteEncoding(name, magic);
        if (blocks.IsArrayOpen)
        {
            throw new InvalidDataException(UnclosedArray(blocks));
        }

        NoteEmpty(name, blocks);
        uint whole = raw.DrainAndChecksum();
        _bytes = bytesBefore + raw.BytesRead;
        Complete(new SourceProgress.FileProgress(name, size, prefix, end, endRecord, true, whole, take));
        if (_resumedFrom > 0)
        {
            if (_accepted + _rejected == 0 && TextSource.IsPacked(magic))
            {
                _notes.Add($"{name} has the same records as before, packed otherwise.");
            }

            ReplayRejected(file, magic, layout, name);
        }
    }

    private TextGuess GuessOf(string name, byte[] magic) => new(name, _options.Format, _rules, TextSource.IsPacked(magic) ? KnownBytes.KindWithin(magic) : null);

    private TextStart StartOf(FileStream file, byte[] magic, string name)
    {
        using FileStream again = OpenAgain(file);
        return TextStart.Read(TextSource.Unpack(again, magic), GuessOf(name, magic), isEager: false);
    }

    // What each partition has of the file from before: of one that was cut off, or of one that has grown since.
    private IngestedText?[] BeforeOf(FileStream file, byte[] magic, TextLayout layout, string name, long size, ref int take)
    {
        var known = new Dictionary<(long, long, uint), IngestedText?>();
        IngestedText? Known(SourceProgress.FileProgress progress)
        {
            (long, long, uint) key = (progress.EndPosition, progress.EndRecord, progress.PrefixCrc32C);
            if (!known.TryGetValue(key, out IngestedText? taken))
            {
                using FileStream again = OpenAgain(file);
                taken = known[key] = IngestedText.Find(TextSource.Unpack(again, magic), layout, progress);
            }

            return taken;
        }

        var before = new IngestedText?[_partitions.Count];
        int least = take;
        for (int i = 0; i < before.Length; i++)
        {
            if (_partitions.All[i].Registry.ProgressOf(name) is { EndPosition: > 0 } progress && progress.Take >= least)
            {
                before[i] = Known(progress);
                if (before[i] is { IsOtherwiseCut: true })
                {
                    // Somebody who asks for all of it again gets all of it.
                    before[i] = _options.Again ? null : throw new InvalidDataException(
                        $"its first {progress.EndPosition} bytes were ingested as another format; give the same --format again, or ingest all of it with --again");
                    take = Math.Max(take, progress.Take + 1);
                }

                take = before[i] is null ? take : Math.Max(take, progress.Take);
            }
        }

        if (_options.Again || take > 1)
        {
            return before;
        }

        // How long a packed file is says nothing about what is in it.
        long sizeMax = TextSource.IsPacked(magic) ? long.MaxValue : size;
        SourceProgress.FileProgress[] shorter = [.. _partitions.All.SelectMany(partition => partition.Registry.ShorterOf(name, sizeMax)).Where(static one => one.EndPosition > 0)];
        IngestedText? grown = shorter.Length == 0 ? null : shorter.DistinctBy(static shorter => shorter.EndPosition)
            .OrderByDescending(static shorter => shorter.EndPosition).Take(GrownLookedAtMax)
            .Select(Known).FirstOrDefault(static one => one is { IsOtherwiseCut: false });
        if (grown is { IsWithinRow: true })
        {
            throw new InvalidDataException(
                $"it has grown in the middle of record {grown.NextRecord - 1}, which was ingested as it was at byte {grown.Position}; ingest all of it with --again");
        }

        // One that is complete in one partition counts as complete in all.
        return grown is null ? before : [.. before.Select(one => one is null || one.Position < grown.Position ? grown : one)];
    }

    // Of a table, a row: a quotation mark that takes many of them into its record is not one that is being written.
    private static bool IsHalf(ParsedBlock block, TextLayout layout) =>
        block.IsUnterminated && block.Rejections is [.., { Reason: RejectionReason.NotReadable or RejectionReason.NotUtf8 } last]
        && (layout.IsTable ? !last.Raw.AsSpan().ContainsAny((byte)'\n', (byte)'\r') : JsonGuess.IsHalf(last.Raw));

    // Where more elements are expected, a number may be the first digits of another one.
    private static bool IsHalfElement(ParsedBlock block) =>
        block.Rejections is [.., { Reason: RejectionReason.NotReadable or RejectionReason.NotAnObject } last] && JsonGuess.CouldGoOn(last.Raw);

    private static string UnclosedArray(TextBlockReader blocks) =>
        $"its array is not closed: the data end at byte {blocks.Position}, {(blocks.Records == 0 ? "before its first element" : $"behind element {blocks.Records}; the whole elements before that place were stored")}";

    private void NoteColumns(string name, TextStart start, TextBlockReader blocks, KnownColumns columns)
    {
        if (columns is KnownColumns.All || _accepted + _rejected == 0 || _resumedFrom > 0)
        {
            return;
        }

        if (_rules.Mapping is { } mapping)
        {
            if (mapping.DescribeMissing(columns) is { } nowhere)
            {
                _notes.Add($"{nowhere} anywhere in {name}.");
            }

            return;
        }

        IReadOnlyCollection<string> names = start.Layout.IsTable
            ? MissingColumns.NamesOfHeader(start.Bytes, start.Layout.Separator)
            : MissingColumns.NamesOfJson(blocks.IsEager ? blocks.Start : start.Bytes);

        // Where no record named a column, and none of its names looks like one, its rejection says more.
        if ((columns != KnownColumns.None || MissingColumns.Renames(columns, names) is not null) && MissingColumns.Describe(columns, names) is { } missing)
        {
            NoteMissing(missing, name);
        }
    }

    // Once for all of the source's records.
    private void NoteEncoding(string name, ReadOnlySpan<byte> magic)
    {
        if (_first.TryGetValue(RejectionReason.NotUtf8, out Rejection? first) && KnownBytes.IsLikeWindows1252(first.Raw))
        {
            string advice = KnownBytes.Unpacked("if it is in Windows-1252 or Latin-1, convert it (iconv -f WINDOWS-1252 -t UTF-8 FILE | lake ingest -)", KnownBytes.KindWithin(magic));
            _notes.Add($"{name} is not UTF-8; {advice}.");
        }
    }

    private void NoteEmpty(string name, TextBlockReader blocks)
    {
        if (_accepted + _rejected == 0 && _resumedFrom == 0 && _acknowledgedBefore == 0)
        {
            _notes.Add(blocks.Position == 0 ? $"{name} is empty." : blocks.Layout.Kind switch
            {
                TextKind.Table => blocks.IsUnterminated ? $"{name} has a header without a line end, and no rows so far." : $"{name} has a header and no rows.",
                TextKind.Elements => $"{name} is an empty array.",
                _ => $"{name} holds nothing but blanks or commas.",
            });
        }
    }

    // Continues where the first of the partitions stopped. The others' places end blocks, of which they take none before.
    private void Resume(TextBlockReader blocks, TextSource source, byte[] csvStart, (long Position, long Record, long Records)[] places)
    {
        (long position, long record, long records) = places.Min();
        if (position > 0)
        {
            blocks.Skip(position, record - 1);
            source.TakeHeader(csvStart);
            _resumedFrom = records;
        }

        blocks.Cuts = [.. places.Where(place => place.Position > position).Select(static place => (place.Position, place.Record)).Distinct().Order()];
    }

    private static byte[] HeaderOf(FileStream file, ReadOnlySpan<byte> magic, TextLayout layout)
    {
        using FileStream again = OpenAgain(file);
        using InputBlock? first = new TextBlockReader(TextSource.Unpack(again, magic), layout, eager: false).Read();
        return first is null ? [] : first.Bytes.ToArray();
    }

    private static FileStream OpenAgain(FileStream file) => new(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    private void FlushUnlessMoreIsReady(TextSource source)
    {
        if (_unflushedBytes >= FlushBytesMax || !source.IsNextReady)
        {
            Flush();
            _cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Append(ParsedBlock block, string source, Func<int, FramePart, SourceProgress> consumed, long bytesRead)
    {
        _bytes = bytesRead;
        LeaveOut(block.LeftOut, source);
        Append(block.Batch, block.Rejections, source, block.EndPosition, block.EndRecord - 1, consumed, block.Batch.Values.Bytes.Length + (64L * block.Batch.Count));
    }
}
