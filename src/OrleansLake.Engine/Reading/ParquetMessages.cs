using System.Globalization;
using System.Text.Unicode;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Reads messages from a Parquet file, whoever wrote it: columns by name, missing ones null, others left alone. A
/// column may also stand in the path, Hive-style (<c>channel=SMS/part.parquet</c>).
/// </summary>
internal sealed class ParquetMessages
{
    /// <summary>Rows of a batch at most: larger row groups are handed over in pieces.</summary>
    internal const int BatchRows = 64 * 1024;

    private readonly ParquetReader _reader;
    private readonly string _name;
    private readonly LakeTimeZone _zone;
    private readonly IReadOnlyDictionary<string, string?> _pathValues;
    private readonly bool _isLocalTime;

    /// <param name="reader">The open file.</param>
    /// <param name="relativePath">Its path below the folder that is read, for columns that stand in it.</param>
    /// <param name="zone">Where timestamps that are not adjusted to UTC are from.</param>
    /// <exception cref="ParquetException">It holds no messages: timestamp or message_id is missing.</exception>
    internal ParquetMessages(ParquetReader reader, string relativePath, LakeTimeZone zone)
    {
        _reader = reader;
        _name = relativePath;
        _zone = zone;
        _pathValues = HivePath.Values(relativePath);
        foreach (string required in (string[])["timestamp", "message_id"])
        {
            if (!reader.HasColumn(required) && !_pathValues.ContainsKey(required))
            {
                throw new ParquetException(ParquetErrorKind.MissingColumn, $"{relativePath}: it has no column {required}, so it holds no messages.");
            }
        }

        _isLocalTime = reader.Schema.IndexOf("timestamp") is >= 0 and int index && !reader.Schema.Fields[index].IsAdjustedToUtc;
    }

    internal int RowGroupCount => _reader.RowGroupCount;

    /// <summary>
    /// Every batch of the file, in order; row groups are decoded side by side, a few ahead of what is taken.
    /// </summary>
    internal IEnumerable<MessageBatch> Batches(ParallelWork work)
    {
        int groups = RowGroupCount;
        for (int first = 0; first < groups; first += work.Threads)
        {
            int count = Math.Min(work.Threads, groups - first);
            var decoded = new List<MessageBatch>[count];
            work.For(count, i => decoded[i] = ReadRowGroup(first + i));
            foreach (List<MessageBatch> batches in decoded)
            {
                foreach (MessageBatch batch in batches)
                {
                    yield return batch;
                }
            }
        }
    }

    /// <summary>The messages of one row group as they are, in batches of at most <see cref="BatchRows"/> rows.</summary>
    /// <exception cref="ParquetException">The row group is damaged, or a column has another type.</exception>
    internal List<MessageBatch> ReadRowGroup(int rowGroup)
    {
        int rows = checked((int)_reader.Facts.RowGroups[rowGroup].RowCount);
        var timestamps = new Int64Buffer();
        BytesBuffer[] texts = [new(), new(), new(), new()];
        Int32Buffer[] numbers = [new(), new()];
        Read(rowGroup, "timestamp", timestamps, rows);
        Int64Buffer? numericValues = NumericValues(rowGroup);
        if (numericValues is null)
        {
            Read(rowGroup, "value", texts[0], rows);
        }

        Read(rowGroup, "event_type", texts[1], rows);
        Read(rowGroup, "message_id", texts[2], rows);
        Read(rowGroup, "channel", texts[3], rows);
        Read(rowGroup, "country_id", numbers[0], rows);
        Read(rowGroup, "user_id", numbers[1], rows);

        var batches = new List<MessageBatch>();
        for (int start = 0; start < rows; start += BatchRows)
        {
            int end = Math.Min(rows, start + BatchRows);
            var batch = new MessageBatch();
            batch.Reserve(end - start);
            AppendTimestamps(timestamps, start, end, batch.Timestamps);
            if (numericValues is null)
            {
                AppendTexts(texts[0], start, end, batch.Values);
            }
            else
            {
                AppendNumbersAsText(numericValues, start, end, batch.Values);
            }

            AppendNames(texts[1], "event_type", start, end, batch.EventTypes);
            AppendIds(texts[2], start, end, batch.MessageIds);
            AppendNames(texts[3], "channel", start, end, batch.Channels);
            AppendNumbers(numbers[0], "country_id", start, end, batch.CountryIds);
            AppendNumbers(numbers[1], "user_id", start, end, batch.UserIds);
            batches.Add(batch);
        }

        return batches;
    }

    private void Read(int rowGroup, string column, ColumnBuffer into, int rows)
    {
        if (!_reader.HasColumn(column))
        {
            into.FillNull(rows);
            return;
        }

        switch (into)
        {
            case Int64Buffer numbers:
                _reader.Read(rowGroup, column, numbers);
                break;
            case Int32Buffer numbers:
                _reader.Read(rowGroup, column, numbers);
                break;
            case BytesBuffer texts:
                _reader.Read(rowGroup, column, texts);
                CheckUtf8(texts, column, rowGroup);
                break;
            default:
                throw new ArgumentException("no column of a message is of this kind", nameof(into));
        }
    }

    // A number in value is kept as its text, as everywhere.
    private Int64Buffer? NumericValues(int rowGroup)
    {
        int index = _reader.Schema.IndexOf("value");
        if (index < 0 || _reader.Schema.Fields[index].Type is not (ParquetType.Int32 or ParquetType.Int64))
        {
            return null;
        }

        var numbers = new Int64Buffer();
        _reader.Read(rowGroup, "value", numbers);
        return numbers;
    }

    private static void AppendNumbersAsText(Int64Buffer source, int start, int end, TextColumn into)
    {
        Span<byte> text = stackalloc byte[20];
        for (int row = start; row < end; row++)
        {
            if (source.IsNull(row))
            {
                into.AppendNull();
            }
            else
            {
                source.Values[row].TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
                into.Append(text[..length]);
            }
        }
    }

    // A file may call any bytes text. Readers of silver would fail on them, so such a file is not taken in. Entries
    // are UTF-8 one by one if all of them together are and none starts in the middle of a character.
    private void CheckUtf8(BytesBuffer texts, string column, int rowGroup)
    {
        ReadOnlySpan<byte> bytes = texts.Bytes;
        bool isValid = Utf8.IsValid(bytes);
        ReadOnlySpan<int> offsets = texts.Offsets;
        for (int i = 0; isValid && i < texts.EntryCount; i++)
        {
            isValid = offsets[i] == offsets[i + 1] || (bytes[offsets[i]] & 0xC0) != 0x80;
        }

        if (!isValid)
        {
            throw new ParquetException(ParquetErrorKind.CorruptData, $"{_name}: column '{column}', row group {rowGroup}: it holds text that is not UTF-8.");
        }
    }

    private void AppendTimestamps(Int64Buffer source, int start, int end, NumberColumn<long> into)
    {
        if (!_reader.HasColumn("timestamp"))
        {
            long? value = PathTimestamp();
            for (int row = start; row < end; row++)
            {
                Append(into, value);
            }

            return;
        }

        ReadOnlySpan<long> values = source.Values;
        if (source.NullCount == 0 && !_isLocalTime)
        {
            into.AppendRange(values[start..end]);
            return;
        }

        for (int row = start; row < end; row++)
        {
            Append(into, source.IsNull(row) ? null : _isLocalTime ? ToInstant(values[row]) : values[row]);
        }
    }

    // Times so far out that no zone can shift them are out of range either way.
    private long ToInstant(long local) => local is < long.MinValue / 2 or > long.MaxValue / 2 ? local : _zone.ToInstant(local);

    private long? PathTimestamp() =>
        _pathValues["timestamp"] is { } text
        && TimestampText.TryParse(System.Text.Encoding.UTF8.GetBytes(text), _zone, out long micros, out _) ? micros : null;

    private static void AppendTexts(BytesBuffer source, int start, int end, TextColumn into)
    {
        if (source.NullCount == 0 && !source.IsDictionary)
        {
            ReadOnlySpan<int> offsets = source.Offsets[start..(end + 1)];
            into.AppendRange(source.Bytes[offsets[0]..offsets[^1]], offsets);
            return;
        }

        for (int row = start; row < end; row++)
        {
            if (source.IsNull(row))
            {
                into.AppendNull();
            }
            else
            {
                into.Append(source[row]);
            }
        }
    }

    private void AppendIds(BytesBuffer source, int start, int end, MessageIdColumn into)
    {
        byte[]? pathId = _reader.HasColumn("message_id") || _pathValues["message_id"] is not { } text
            ? null : System.Text.Encoding.UTF8.GetBytes(text);
        for (int row = start; row < end; row++)
        {
            if (pathId is not null)
            {
                into.Append(pathId);
            }
            else if (source.IsNull(row))
            {
                into.AppendNull();
            }
            else
            {
                into.Append(source[row]);
            }
        }
    }

    private void AppendNames(BytesBuffer source, string column, int start, int end, NameColumn into)
    {
        if (!_reader.HasColumn(column) && _pathValues.TryGetValue(column, out string? text) && text is not null)
        {
            int code = into.Names.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(text));
            for (int row = start; row < end; row++)
            {
                into.AppendCode(code);
            }

            return;
        }

        // A dictionary's entries are looked up once each, not once a row.
        ReadOnlySpan<int> codes = source.Codes;
        int[] known = source.IsDictionary ? new int[source.EntryCount] : [];
        for (int row = start; row < end; row++)
        {
            if (source.IsNull(row))
            {
                into.AppendNull();
            }
            else if (!source.IsDictionary)
            {
                into.Append(source[row]);
            }
            else
            {
                ref int code = ref known[codes[row]];
                code = code == 0 ? into.Names.GetOrAdd(source[row]) + 1 : code;
                into.AppendCode(code - 1);
            }
        }
    }

    private void AppendNumbers(Int32Buffer source, string column, int start, int end, NumberColumn<int> into)
    {
        if (!_reader.HasColumn(column) && _pathValues.TryGetValue(column, out string? text))
        {
            int? value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
            for (int row = start; row < end; row++)
            {
                Append(into, value);
            }

            return;
        }

        if (source.NullCount == 0)
        {
            into.AppendRange(source.Values[start..end]);
            return;
        }

        ReadOnlySpan<int> values = source.Values;
        for (int row = start; row < end; row++)
        {
            Append(into, source.IsNull(row) ? null : values[row]);
        }
    }

    private static void Append<T>(NumberColumn<T> into, T? value)
        where T : unmanaged
    {
        if (value is { } number)
        {
            into.Append(number);
        }
        else
        {
            into.AppendNull();
        }
    }
}
