using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Appends what a lake keeps of records beside their messages: the JSON of fields that no column takes, its bytes as they came, and where
/// the record came from. Keeps scratch memory: one thread at a time.
/// </summary>
/// <param name="fields">What is kept.</param>
/// <param name="source">What the source is called, in UTF-8.</param>
/// <param name="mapping">How records become messages; null if they are messages as they are.</param>
internal sealed class RecordKeeping(KeptFields fields, byte[] source, MessageMapping? mapping)
{
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly ArrayBufferWriter<byte> _cells = new();
    private byte[] _ofOrigin = [];

    /// <summary>Gets the place of whole records, from which paths lead on.</summary>
    public PathNode Root { get; init; } = (mapping ?? MessageMapping.None).Root;

    /// <summary>Gets or sets what the source is called, in UTF-8.</summary>
    public byte[] Source { get; set; } = source;

    /// <summary>Gets a value indicating whether the fields that no column takes are kept.</summary>
    public bool KeepsAttributes => (fields & KeptFields.Attributes) != 0;

    /// <summary>Gets or sets the values of the record that is appended, which say what fields took; null: each took what its path leads to.</summary>
    public MappedValues? Values { get; set; }

    /// <summary>Gets or sets what the broker of the records that follow knows of them; null: they are not a broker's.</summary>
    public RecordOrigin? Origin
    {
        get;
        set
        {
            field = value;
            _ofOrigin = value?.Attributes is { } attributes ? Encoding.UTF8.GetBytes(attributes) : [];
        }
    }

    /// <summary>Gets a value indicating whether nulls are not kept: of rows that have all columns of their table.</summary>
    public bool SkipsNulls { get; init; }

    /// <summary>Gets a value indicating whether records are messages as they are.</summary>
    public bool IsPlain { get; } = mapping is null;

    /// <summary>Appends what is kept of a record of JSON that is a message, which was not appended yet.</summary>
    /// <param name="record">The record.</param>
    /// <param name="number">Its number in its source.</param>
    /// <param name="batch">Gets it.</param>
    public void AppendJson(ReadOnlySpan<byte> record, long number, MessageBatch batch) => AppendJson(record, number, batch.Keep(fields));

    /// <summary>Appends what is kept of a record of JSON.</summary>
    /// <param name="record">The record.</param>
    /// <param name="number">Its number in its source.</param>
    /// <param name="kept">Gets it.</param>
    public void AppendJson(ReadOnlySpan<byte> record, long number, KeptColumns kept)
    {
        kept.Add(fields);
        _text.ResetWrittenCount();
        if (KeepsAttributes)
        {
            var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = JsonLine.DepthMax });
            reader.Read();
            AddWithin(_text, Root, record, ref reader);
        }

        Append(number, kept);
    }

    /// <summary>Appends what is kept of a line whose fields that no column takes are known by their places in its block.</summary>
    public void AppendRanges(ReadOnlySpan<byte> line, int lineStart, ReadOnlySpan<(int Start, int End)> ranges, long number, MessageBatch batch)
    {
        _text.ResetWrittenCount();
        foreach ((int start, int end) in ranges)
        {
            _text.Write(_text.WrittenCount == 0 ? "{"u8 : ","u8);
            _text.Write(line[(start - lineStart)..(end - lineStart)]);
        }

        if (_text.WrittenCount > 0)
        {
            _text.Write("}"u8);
        }

        Append(number, batch);
    }

    /// <summary>Begins with the next row of a table.</summary>
    public void BeginRow() => _cells.ResetWrittenCount();

    /// <summary>Adds a cell of the row, whose fields were made before; what they took of it, and of its JSON, is left out.</summary>
    /// <param name="name">Its column's name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="place">The place to which paths lead; null: none leads there.</param>
    public void AddCell(string name, ReadOnlySpan<byte> text, PathNode? place)
    {
        if (!KeepsAttributes || (place is not null && IsTaken(place)))
        {
            return;
        }

        _text.ResetWrittenCount();
        if (place is null || !TryAddText(_text, place, text))
        {
            _text.Write((ReadOnlySpan<byte>)Quoted(Encoding.UTF8.GetString(text)));
        }

        if (_text.WrittenCount > 0)
        {
            _cells.Write(_cells.WrittenCount == 0 ? "{"u8 : ","u8);
            _cells.Write((ReadOnlySpan<byte>)Quoted(name));
            _cells.Write(":"u8);
            _cells.Write(_text.WrittenSpan);
        }
    }

    /// <summary>Appends what is kept of the row, which is a message that was not appended yet.</summary>
    public void AppendRow(long number, MessageBatch batch)
    {
        _text.ResetWrittenCount();
        if (_cells.WrittenCount > 0)
        {
            _text.Write(_cells.WrittenSpan);
            _text.Write("}"u8);
        }

        Append(number, batch);
    }

    private void Append(long number, MessageBatch batch) => Append(number, batch.Keep(fields));

    private void Append(long number, KeptColumns kept)
    {
        if (KeepsAttributes && _ofOrigin.Length > 0)
        {
            byte[] own = _text.WrittenSpan.ToArray();
            _text.ResetWrittenCount();
            _text.Write(own.Length == 0 ? "{"u8 : own.AsSpan(0, own.Length - 1));
            _text.Write(own.Length == 0 ? default : ","u8);
            _text.Write((ReadOnlySpan<byte>)_ofOrigin);
            _text.Write("}"u8);
        }

        kept.Append(_text.WrittenSpan, (fields & KeptFields.Source) != 0 ? Source : default, Origin is { } origin ? origin.Offset : number);
    }

    // The members of an object, or the elements of an array, to which no path leads; nothing if there are none. Ends on its last token. Returns
    // whether it has any members: one without is not what a path leads to.
    private bool AddWithin(ArrayBufferWriter<byte> to, PathNode place, ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        bool isArray = reader.TokenType == JsonTokenType.StartArray;
        bool isFirst = true;
        int index = 0;
        for (; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            int start = (int)reader.TokenStartIndex;
            PathNode? next;
            if (isArray)
            {
                next = place.Find(index);
            }
            else
            {
                next = reader.ValueIsEscaped ? place.Find(Encoding.UTF8.GetBytes(reader.GetString()!)) : place.Find(reader.ValueSpan);
                reader.Read();
            }

            int value = (int)reader.TokenStartIndex;
            if ((next is not null && IsTaken(next)) || (SkipsNulls && reader.TokenType == JsonTokenType.Null))
            {
                reader.Skip();
                continue;
            }

            ReadOnlySpan<byte> opening = isFirst ? (isArray ? "["u8 : "{"u8) : ","u8;
            if (next is { HasChildren: true } && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                var within = new ArrayBufferWriter<byte>();
                bool hasMembers = AddWithin(within, next, text, ref reader);
                Add(to, opening, text[start..value], hasMembers ? within.WrittenSpan : text[value..(int)reader.BytesConsumed], ref isFirst);
                continue;
            }

            var inText = new ArrayBufferWriter<byte>();
            if (next is not null && reader.TokenType == JsonTokenType.String && TryAddText(inText, next, Encoding.UTF8.GetBytes(reader.GetString()!)))
            {
                Add(to, opening, text[start..value], inText.WrittenSpan, ref isFirst);
                continue;
            }

            reader.Skip();
            Add(to, opening, text[start..value], text[value..(int)reader.BytesConsumed], ref isFirst);
        }

        if (!isFirst)
        {
            to.Write(isArray ? "]"u8 : "}"u8);
        }

        return index > 0;
    }

    private bool IsTaken(PathNode place) => place.Slots.Count > 0 && Values?.IsUntaken(place) != true;

    private static void Add(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> opening, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref bool isFirst)
    {
        if (!value.IsEmpty)
        {
            to.Write(opening);
            to.Write(name);
            to.Write(value);
            isFirst = false;
        }
    }

    // JSON in a text through which paths lead; false if it is not JSON, or has no members.
    private bool TryAddText(ArrayBufferWriter<byte> to, PathNode place, ReadOnlySpan<byte> text)
    {
        if (!place.HasChildren || !MappedObject.IsJsonWithin(text))
        {
            return false;
        }

        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonLine.DepthMax });
        reader.Read();
        return AddWithin(to, place, text, ref reader);
    }

    private static byte[] Quoted(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
}
