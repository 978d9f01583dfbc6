using System.Text.Unicode;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Reads messages from lines of JSON (RFC 8259), one object a line; a line of several, in arrays or with commas, blanks or
/// nothing between them, is taken for that many messages. What is not a message becomes a rejection that says why; no bytes make it
/// throw.
/// </summary>
/// <remarks>
/// Two readers do the work. <see cref="JsonFastPath"/>, under a mapping <see cref="MappedFastPath"/>, takes lines as programs write them, in one
/// pass; every line that it declines goes to <see cref="JsonLine"/>, which takes all of JSON and words the rejections. What the first
/// takes, the second takes to the same row. A parser keeps scratch memory: one thread at a time.
/// </remarks>
public sealed class NdjsonParser
{
    /// <summary>The most bytes in a line, its end not counted.</summary>
    public const int LineBytesMax = 16 << 20;

    // Of longer ones, copying takes longer than reading them with checks.
    private const int AloneBytesMax = 16 << 10;

    private readonly LakeTimeZone _zone;
    private readonly LeftOutFields _leftOut = new();
    private readonly JsonLine _jsonLine;
    private readonly MappedFastPath? _mapped;
    private readonly MappedValues? _values;
    private readonly RecordIds? _ids;
    private byte[] _alone = [];
    private uint _seen;

    /// <param name="zone">The lake's time zone: of timestamps without an offset, and of the dates.</param>
    /// <param name="timestampFormat">The format of the source's timestamps; null for RFC 3339 and similar forms.</param>
    /// <param name="mapping">How records become messages; null if they are messages as they are.</param>
    /// <param name="receivedAt">The time at which the records were received, in microseconds since 1970: what a mapping may take for their timestamps.</param>
    /// <param name="ids">The types of the lake's ids; null: numbers of 32 bits.</param>
    public NdjsonParser(LakeTimeZone zone, TimestampFormat? timestampFormat = null, MessageMapping? mapping = null, long receivedAt = 0, IdTypes? ids = null)
    {
        _zone = zone;
        _ids = RecordIds.Of(ids);
        _values = mapping is null ? null : new MappedValues(mapping, zone, timestampFormat, receivedAt);
        _jsonLine = new JsonLine(zone, timestampFormat, _leftOut, _values);
        _mapped = _values is null ? null : new MappedFastPath(_values, _leftOut);
        TakesShortcuts = timestampFormat is null || mapping is not null;
    }

    /// <summary>Gets the columns that some record so far named, null or not.</summary>
    public KnownColumns Columns => (KnownColumns)_seen;

    /// <summary>Gets a value indicating whether the reader for usual lines is used; tests compare the two.</summary>
    /// <remarks>Without a mapping it knows only the usual timestamps.</remarks>
    internal bool TakesShortcuts { get; init; }

    /// <summary>Sets the time at which the records that follow were received, in microseconds since 1970.</summary>
    internal long ReceivedAt
    {
        set => _values?.ReceivedAt = value;
    }

    /// <summary>Returns the values of fields that no column takes, by the fields' names, since the last call; null if there are none.</summary>
    internal Dictionary<string, long>? TakeLeftOut() => Keeping is { KeepsAttributes: true } ? null : _leftOut.Take();

    /// <summary>Gets what is kept of records beside their messages; null: nothing.</summary>
    internal RecordKeeping? Keeping
    {
        get;
        init
        {
            field = value;
            value?.Values = _values;
            _leftOut.NotesPlaces = value is { KeepsAttributes: true, IsPlain: true };
        }
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads whole lines; the last may lack its end if it is the input's last.</summary>
    /// <param name="block">The lines. Blank ones, and commas alone, are skipped, but count as records.</param>
    /// <param name="firstRecord">The first line's number in its source, from 1.</param>
    /// <param name="firstPosition">The first byte's position in its source. At 0 a byte order mark is skipped.</param>
    /// <param name="batch">Gets the messages.</param>
    /// <param name="rejections">Receives what is not a message.</param>
    public ParseResult Parse(
        ReadOnlySpan<byte> block, long firstRecord, long firstPosition, MessageBatch batch, List<Rejection> rejections)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(rejections);
        bool isUtf8 = Utf8.IsValid(block);
        int at = firstPosition == 0 && block.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        int accepted = 0;
        int rejected = 0;
        uint seen = 0;
        long record = firstRecord;
        for (; at < block.Length; record++)
        {
            var fields = new MessageFields { Ids = _ids };
            if (isUtf8 && TakesShortcuts && TryShort(block, at, ref fields, out int next)
                && next - at <= LineBytesMax)
            {
                seen |= fields.Seen;
                if (Keeping is not null)
                {
                    KeepShort(block[at..next], at, record, batch);
                }

                Append(fields, batch);
                accepted++;
                at = next;
                continue;
            }

            int length = block[at..].IndexOf((byte)'\n');
            next = length < 0 ? block.Length : at + length + 1;
            ReadOnlySpan<byte> line = block[at..(length < 0 ? next : next - 1)];
            if (!line.IsEmpty && line[^1] == '\r')
            {
                line = line[..^1];
            }

            if (line.ContainsAnyExcept(" \t\r,"u8))
            {
                fields = new MessageFields { Ids = _ids };
                Read(line, isUtf8, "line", ref fields, isEnded: length >= 0, isTried: isUtf8 && block.Length - next >= JsonFastPath.FieldBytesMax);
                seen |= fields.Seen;
                if (!fields.IsRejected)
                {
                    Keeping?.AppendJson(line, record, batch);
                    Append(fields, batch);
                    accepted++;
                }
                else if (fields.Reason is RejectionReason.NotReadable or RejectionReason.NotAnObject && JsonObjects.CutLine(line) is { } objects)
                {
                    // What was seen of the line is seen again in its objects.
                    _leftOut.Drop();
                    int before = rejections.Count;
                    foreach (Range one in objects)
                    {
                        ParseRecord(line[one], record, firstPosition + at + one.Start.Value, batch, rejections, line[one.Start] == '{' ? "object" : "element");
                    }

                    rejected += rejections.Count - before;
                    accepted += objects.Count - (rejections.Count - before);
                }
                else
                {
                    rejections.Add(
                        new Rejection(fields.Reason, DetailOf(fields, line), record, firstPosition + at, line.ToArray()));
                    rejected++;
                }

                _leftOut.Drop();
            }

            at = next;
        }

        _seen |= seen;
        return new ParseResult(record - firstRecord, accepted, rejected);
    }

    /// <summary>Reads whole JSON values, as <see cref="JsonValueScanner"/> cuts them; the last may lack its end if it is the input's last.</summary>
    /// <param name="block">The values.</param>
    /// <param name="opensArrays">Whether they are the elements of an array.</param>
    /// <param name="isArrayOpen">Whether the first of them is in an array that was opened before.</param>
    /// <param name="firstRecord">The first value's number in its source, from 1.</param>
    /// <param name="firstPosition">The first byte's position in its source. At 0 a byte order mark is skipped.</param>
    /// <param name="batch">Gets the messages.</param>
    /// <param name="rejections">Receives what is not a message.</param>
    public ParseResult ParseValues(
        ReadOnlySpan<byte> block, bool opensArrays, bool isArrayOpen, long firstRecord, long firstPosition, MessageBatch batch, List<Rejection> rejections)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(rejections);
        var scanner = new JsonValueScanner(opensArrays, isInside: firstPosition > 0, isArrayOpen);
        int before = rejections.Count;
        int rows = batch.Count;
        long record = firstRecord;
        var elements = new List<Range>();
        for (int at = 0; at < block.Length; record++)
        {
            bool isEnded = scanner.TryNext(block[at..], out int start, out int length);
            if (start < 0)
            {
                break;
            }

            int next = isEnded ? at + length : block.Length;
            elements.Clear();
            if (!opensArrays && JsonObjects.TryAddElements(block, (at + start)..next, elements))
            {
                foreach (Range element in elements)
                {
                    ParseRecord(block[element], record, firstPosition + element.Start.Value, batch, rejections, "element");
                }
            }
            else
            {
                ParseRecord(block[(at + start)..next].TrimEnd(" \t\r\n,"u8), record, firstPosition + at + start, batch, rejections, opensArrays ? "element" : "record");
            }

            at = next;
        }

        return new ParseResult(record - firstRecord, batch.Count - rows, rejections.Count - before);
    }

    /// <summary>Reads one record that is a piece of something else, such as an array's element; line ends may occur in it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="number">Its number in its source, from 1.</param>
    /// <param name="position">The position of its first byte in its source.</param>
    /// <param name="batch">Gets the message.</param>
    /// <param name="rejections">Receives what is not a message.</param>
    public void ParseRecord(
        ReadOnlySpan<byte> record, long number, long position, MessageBatch batch, List<Rejection> rejections)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(rejections);
        ParseRecord(record, number, position, batch, rejections, "record");
    }

    private void ParseRecord(
        ReadOnlySpan<byte> record, long number, long position, MessageBatch batch, List<Rejection> rejections, string what)
    {
        var fields = new MessageFields { Ids = _ids };

        // Not known to be UTF-8; and the reader for usual lines ends at a line's end.
        if (record.ContainsAny((byte)'\n', (byte)'\r') && record.Length <= LineBytesMax && Utf8.IsValid(record))
        {
            _jsonLine.Parse(record, ref fields, what);
        }
        else
        {
            Read(record, isUtf8: false, what, ref fields);
        }

        _seen |= fields.Seen;

        if (fields.IsRejected)
        {
            rejections.Add(new Rejection(fields.Reason, DetailOf(fields, record), number, position, record.ToArray()));
        }
        else
        {
            Keeping?.AppendJson(record, number, batch);
            Append(fields, batch);
        }

        _leftOut.Drop();
    }

    private void KeepShort(ReadOnlySpan<byte> line, int start, long record, MessageBatch batch)
    {
        if (_leftOut.NotesPlaces)
        {
            Keeping!.AppendRanges(line, start, _leftOut.Places, record, batch);
            _leftOut.Drop();
        }
        else
        {
            Keeping!.AppendJson(line.TrimEnd("\r\n"u8), record, batch);
        }
    }

    private void Append(in MessageFields fields, MessageBatch batch)
    {
        fields.AppendTo(batch);
        if (_leftOut.IsPending)
        {
            _leftOut.Accept();
        }
    }

    // Of what is missing, what it may be called instead.
    private string DetailOf(in MessageFields fields, ReadOnlySpan<byte> record) => _mapped is null && fields.Reason is RejectionReason.MissingTimestamp or RejectionReason.MissingMessageId
        ? fields.Detail + MissingColumns.HintOf(record, fields.Seen) : fields.Detail!;

    private bool TryShort(ReadOnlySpan<byte> block, int at, ref MessageFields fields, out int next) => _mapped is null
        ? JsonFastPath.TryParse(block, at, _zone, ref fields, _leftOut, out next) : _mapped.TryParse(block, at, ref fields, out next);

    // The reader of usual lines reads no field that is near its block's end: a record alone gets room behind it.
    private bool TryAlone(ReadOnlySpan<byte> line, ref MessageFields fields)
    {
        if (_mapped is not null)
        {
            return _mapped.TryParse(line, 0, ref fields, out _);
        }

        if (line.Length > AloneBytesMax)
        {
            return false;
        }

        int length = line.Length + JsonFastPath.FieldBytesMax;
        if (_alone.Length < length)
        {
            _alone = new byte[Math.Max(length, 512)];
        }

        line.CopyTo(_alone);
        _alone.AsSpan(line.Length, JsonFastPath.FieldBytesMax).Fill((byte)'\n');
        return JsonFastPath.TryParse(_alone.AsSpan(0, length), 0, _zone, ref fields, _leftOut, out int next) && next == line.Length + 1;
    }

    private void Read(ReadOnlySpan<byte> line, bool isUtf8, string what, ref MessageFields fields, bool isEnded = false, bool isTried = false)
    {
        if (line.Length > LineBytesMax)
        {
            fields.Fail(
                RejectionReason.TooLong,
                $"the {what} has {line.Length} bytes, but at most {LineBytesMax} are expected");
        }
        else if (!isUtf8 && !Utf8.IsValid(line))
        {
            fields.Fail(RejectionReason.NotUtf8, Utf8Fault.Describe(what, line));
        }
        else
        {
            // What was seen of it within its block.
            _leftOut.Drop();
            if (isTried || !TakesShortcuts || !TryAlone(line, ref fields))
            {
                fields = new MessageFields { Ids = _ids };
                _leftOut.Drop();
                _jsonLine.Parse(line, ref fields, what, isEnded);
            }
        }
    }
}
