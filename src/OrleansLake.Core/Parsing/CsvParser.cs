using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Reads messages from CSV (RFC 4180) with a header: columns by name, in any order, unknown ones ignored. What is not a
/// message becomes a rejection that says why; no bytes make it throw. A parser keeps scratch memory: one thread at a
/// time.
/// </summary>
public sealed class CsvParser
{
    /// <summary>The most bytes in a record, its end not counted.</summary>
    public const int RecordBytesMax = NdjsonParser.LineBytesMax;

    // Of a header without the columns that are looked for, which may be 16 MiB of commas.
    private const int NamesShownMax = 64;

    private readonly LakeTimeZone _zone;
    private readonly byte _separator;
    private readonly TimestampFormat? _timestampFormat;
    private readonly InputField[] _columns;
    private readonly MappedRow? _mapped;
    private readonly LeftOutFields _leftOut;

    // By column, its place among those that no message has; -1: it is a message's.
    private readonly int[] _leftOutCodes;
    private readonly string[] _names;
    private readonly RecordIds? _ids;
    private byte[] _scratch = [];

    /// <summary>Sets the time at which the rows that follow were received, in microseconds since 1970.</summary>
    internal long ReceivedAt
    {
        set => _mapped?.ReceivedAt = value;
    }

    private CsvParser(LakeTimeZone zone, byte separator, TimestampFormat? timestampFormat, InputField[] columns, MappedRow? mapped, LeftOutFields leftOut, string[] names, int headerBytes, int headerRecords, IdTypes? ids)
    {
        _ids = RecordIds.Of(ids);
        _leftOut = leftOut;
        _names = names;
        _leftOutCodes = [.. names.Select((name, i) => columns[i] == InputField.Unknown || mapped is not null ? leftOut.CodeOf(Encoding.UTF8.GetBytes(name)) : -1)];
        _mapped = mapped;
        _zone = zone;
        _separator = separator;
        _timestampFormat = timestampFormat;
        _columns = columns;
        HeaderBytes = headerBytes;
        HeaderRecords = headerRecords;
    }

    /// <summary>
    /// Gets the bytes of the header, its end included, and of a byte order mark and the blank lines before it: the first
    /// record's position.
    /// </summary>
    public int HeaderBytes { get; }

    /// <summary>Gets how many records these bytes are: the header and each blank line before it.</summary>
    public int HeaderRecords { get; }

    /// <summary>Gets the columns that the header names.</summary>
    public KnownColumns Columns => _mapped?.Columns ?? KnownIn(_columns);

    /// <summary>Returns the values of columns that no message has, by the columns' names, since the last call; null if there are none.</summary>
    internal Dictionary<string, long>? TakeLeftOut() => Keeping is { KeepsAttributes: true } ? null : _leftOut.Take();

    /// <summary>Gets or sets what is kept of records beside their messages; null: nothing.</summary>
    internal RecordKeeping? Keeping
    {
        get;
        set
        {
            field = value;
            value?.Values = _mapped?.Values;
        }
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the header of CSV with commas.</summary>
    /// <param name="start">The input's start, with the whole header in it.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="parser">The parser of what follows.</param>
    /// <param name="error">The reason why the input cannot be read at all.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> start,
        LakeTimeZone zone,
        [NotNullWhen(true)] out CsvParser? parser,
        [NotNullWhen(false)] out string? error) => TryOpen(start, zone, (byte)',', null, out parser, out error);

    /// <summary>Reads the header.</summary>
    /// <param name="start">The input's start, with the whole header in it.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="separator">The separator of fields, such as a comma or a tab.</param>
    /// <param name="timestampFormat">The format of the source's timestamps; null for RFC 3339 and similar forms.</param>
    /// <param name="parser">The parser of what follows.</param>
    /// <param name="error">The reason why the input cannot be read at all.</param>
    /// <param name="mapping">How records become messages; null if they are messages as they are.</param>
    /// <param name="receivedAt">The time at which the records were received, in microseconds since 1970: what a mapping may take for their timestamps.</param>
    /// <param name="ids">The types of the lake's ids; null: numbers of 32 bits.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> start,
        LakeTimeZone zone,
        byte separator,
        TimestampFormat? timestampFormat,
        [NotNullWhen(true)] out CsvParser? parser,
        [NotNullWhen(false)] out string? error,
        MessageMapping? mapping = null,
        long receivedAt = 0,
        IdTypes? ids = null)
    {
        ArgumentNullException.ThrowIfNull(zone);
        parser = null;
        int begin = StartOfHeader(start, separator, out int blankLines);
        ReadOnlySpan<byte> rest = start[begin..];
        int end = new CsvRecordScanner(separator).NextRecordEnd(rest);
        int bytes = end == 0 ? rest.Length : end;
        MappedRow? mapped = null;
        var leftOut = new LeftOutFields();
        MappedValues? values = mapping is null ? null : new MappedValues(mapping, zone, timestampFormat, receivedAt);
        if (!TryReadHeader(WithoutEnd(rest[..bytes]), separator, values, leftOut, out InputField[] columns, out string[] names, ref mapped, out error))
        {
            return false;
        }

        parser = new CsvParser(zone, separator, timestampFormat, columns, mapped, leftOut, names, begin + bytes, blankLines + 1, ids);
        return true;
    }

    /// <summary>Reads whole records; the last may lack its end if it is the input's last.</summary>
    /// <param name="block">The records, from behind the header. Blank lines are skipped, but count as records.</param>
    /// <param name="firstRecord">The first record's number in its source; the header is number 1.</param>
    /// <param name="firstPosition">The first byte's position in its source.</param>
    /// <param name="batch">Gets the messages.</param>
    /// <param name="rejections">Receives what is not a message.</param>
    public ParseResult Parse(
        ReadOnlySpan<byte> block, long firstRecord, long firstPosition, MessageBatch batch, List<Rejection> rejections)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(rejections);
        bool isUtf8 = Utf8.IsValid(block);
        int accepted = 0;
        int rejected = 0;
        long number = firstRecord;
        int at = 0;
        for (; at < block.Length; number++)
        {
            int end = new CsvRecordScanner(_separator).NextRecordEnd(block[at..]);
            int next = end == 0 ? block.Length : at + end;
            ReadOnlySpan<byte> record = WithoutEnd(block[at..next]);
            if (record.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                var fields = new MessageFields { Ids = _ids };
                Read(record, isUtf8, ref fields);
                if (fields.IsRejected)
                {
                    rejections.Add(
                        new Rejection(fields.Reason, fields.Detail!, number, firstPosition + at, record.ToArray()));
                    rejected++;
                }
                else
                {
                    Keep(record, number, batch);
                    fields.AppendTo(batch);
                    _leftOut.Accept();
                    accepted++;
                }
            }

            at = next;
        }

        return new ParseResult(number - firstRecord, accepted, rejected);
    }

    /// <summary>Returns the offset at which the header begins: behind a byte order mark and blank lines.</summary>
    internal static int StartOfHeader(ReadOnlySpan<byte> start, byte separator, out int blankLines)
    {
        int at = start.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        blankLines = 0;
        while (true)
        {
            int end = new CsvRecordScanner(separator).NextRecordEnd(start[at..]);
            if (end == 0 || !IsBlank(start.Slice(at, end)))
            {
                return at;
            }

            at += end;
            blankLines++;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept(" \t\r\n"u8);

    internal static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> text = record.EndsWith("\n"u8) ? record[..^1] : record;
        return text.EndsWith("\r"u8) ? text[..^1] : text;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> header, byte separator, MappedValues? values, LeftOutFields leftOut, out InputField[] columns, out string[] columnNames, ref MappedRow? mapped, [NotNullWhen(false)] out string? error)
    {
        columns = [];
        columnNames = [];
        if (header.Length > RecordBytesMax || !Utf8.IsValid(header))
        {
            error = "the header, the input's first line, is not UTF-8 text, but column names separated by commas are expected";
            return false;
        }

        var names = new List<string>();
        var all = new List<string>();
        var fields = new List<InputField>();
        var record = new CsvRecord(header, new byte[header.Length], separator);
        while (record.TryNext(out ReadOnlySpan<byte> name, out _))
        {
            InputField field = InputFields.Find(name.Trim((byte)' '));
            all.Add(Encoding.UTF8.GetString(name.Trim((byte)' ')));
            if (values is null && field != InputField.Unknown && fields.Contains(field))
            {
                error = $"the header names the column {InputFields.Name(field)} twice";
                return false;
            }

            fields.Add(field);
            if (names.Count < NamesShownMax)
            {
                names.Add(ShownText.Of(name.Trim((byte)' ')));
            }
        }

        error = record.Fault is null ? null : $"the header cannot be read: {record.Fault}";
        mapped = values is null ? null : new MappedRow(values, all, leftOut);
        error ??= mapped?.Repeated is { } repeated ? $"the header names the column {repeated} twice" : null;
        string? missing = mapped is null ? MissingFrom(fields) : mapped.DescribeMissing();
        if (error is null && missing is not null)
        {
            string found = ShownText.Of(Encoding.UTF8.GetBytes(string.Join(", ", names)));
            string hint = mapped is null && MissingColumns.Renames(KnownIn(fields), names) is { } renames ? $"; {renames}" : "";
            error = $"the header has no column {missing}; it has: {found}{hint}";
        }

        columns = [.. fields];
        columnNames = [.. all];
        return error is null;
    }

    private static KnownColumns KnownIn(IEnumerable<InputField> columns) => columns.Aggregate(
        KnownColumns.None, static (all, column) => column == InputField.Unknown ? all : all | (KnownColumns)(1u << (int)column));

    private static string? MissingFrom(List<InputField> fields)
    {
        var missing = new List<string>();
        foreach (InputField required in (ReadOnlySpan<InputField>)[InputField.Timestamp, InputField.MessageId])
        {
            if (!fields.Contains(required))
            {
                missing.Add(InputFields.Name(required));
            }
        }

        return missing.Count == 0 ? null : string.Join(" or ", missing);
    }

    private void Read(ReadOnlySpan<byte> line, bool isUtf8, ref MessageFields fields)
    {
        if (line.Length > RecordBytesMax)
        {
            fields.Fail(
                RejectionReason.TooLong,
                $"the record has {line.Length} bytes, but at most {RecordBytesMax} are expected");
            return;
        }

        if (!isUtf8 && !Utf8.IsValid(line))
        {
            fields.Fail(RejectionReason.NotUtf8, Utf8Fault.Describe("record", line));
            return;
        }

        if (_scratch.Length < line.Length)
        {
            _scratch = new byte[Math.Max(line.Length, 1024)];
        }

        var record = new CsvRecord(line, _scratch, _separator);
        int count = 0;
        _leftOut.Drop();
        _mapped?.Clear();
        for (; record.TryNext(out ReadOnlySpan<byte> text, out bool isNull); count++)
        {
            if (count >= _columns.Length)
            {
                continue;
            }

            if (_mapped?.Takes(count) ?? _columns[count] != InputField.Unknown)
            {
                Set(count, text, isNull, ref fields);
            }
            else if (!isNull)
            {
                _leftOut.See(_leftOutCodes[count]);
            }
        }

        if (record.Fault is not null || count != _columns.Length)
        {
            string cause = record.Fault ?? $"it has {Counted.Of(count, "field")}";
            fields.Reason = RejectionReason.NotReadable;
            fields.Detail = $"the record is not {(_separator == '\t' ? "TSV" : "CSV")} of the header's {_columns.Length} columns ({cause}): {ShownText.Of(line)}";
        }

        if (_mapped is not null)
        {
            _mapped.Finish(ref fields);
        }
        else
        {
            fields.Require();
        }
    }

    // A second time through the record: only once its fields are made it is known what they took of it.
    private void Keep(ReadOnlySpan<byte> line, long number, MessageBatch batch)
    {
        if (Keeping is null)
        {
            return;
        }

        Keeping.BeginRow();
        var record = new CsvRecord(line, _scratch, _separator);
        for (int column = 0; record.TryNext(out ReadOnlySpan<byte> text, out bool isNull); column++)
        {
            if (!isNull && (_mapped is not null || _columns[column] == InputField.Unknown))
            {
                Keeping.AddCell(_names[column], text, _mapped?.PlaceOf(column));
            }
        }

        Keeping.AppendRow(number, batch);
    }

    private void Set(int column, ReadOnlySpan<byte> text, bool isNull, ref MessageFields fields)
    {
        if (_mapped is not null)
        {
            _mapped.Set(column, text, isNull, ref fields);
            return;
        }

        InputField field = _columns[column];
        fields.See(field);

        // Quoted and empty is a text, but not a number or a time: there it is the null that it is without quotes.
        if (isNull || (text.IsEmpty && (field == InputField.Timestamp || (field is (InputField.CountryId or InputField.UserId) && fields.TypeOf(field) != IdType.Text))))
        {
            return;
        }

        switch (field)
        {
            case InputField.Timestamp:
                fields.SetTimestamp(text, _zone, _timestampFormat, TimestampAdvice.OptionOfFile);
                break;
            case InputField.CountryId or InputField.UserId:
                fields.SetId(field, text);
                break;
            default:
                fields.SetText(field, text);
                break;
        }
    }
}
