using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Columns;

/// <summary>
/// Reads the value of a column out of rows' attributes. Of a name that is there twice the first counts. Keeps scratch memory: one thread at
/// a time, and a value is valid until the next is read.
/// </summary>
/// <param name="column">The column.</param>
/// <param name="zone">The lake's time zone, for times without an offset.</param>
internal sealed class AddedColumnReader(AddedColumn column, LakeTimeZone zone)
{
    // Each text with JSON that a mapping went through is an object of its own depth.
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = JsonLine.DepthMax * (FieldPath.NamesMax + 1) };

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("+-.eE0123456789"u8);

    private readonly byte[][] _names = [.. column.Names.Select(Encoding.UTF8.GetBytes)];

    // A path with dots may be the name of a field at the top.
    private readonly byte[][] _whole = column.Names.Length > 1 && !column.From.StartsWith('/') ? [Encoding.UTF8.GetBytes(string.Join('.', column.Names))] : [];
    private byte[] _scratch = [];

    /// <summary>Reads it.</summary>
    /// <param name="attributes">A row's attributes; empty if it has none.</param>
    public AddedValue Read(ReadOnlySpan<byte> attributes)
    {
        if (attributes.IsEmpty || (!TryFind(attributes, _names, 0, out JsonTokenType type, out ReadOnlySpan<byte> json)
            && (_whole is [] || !TryFind(attributes, _whole, 0, out type, out json))))
        {
            return default;
        }

        switch (type)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.String:
                return Unescaped(json[1..^1], out ReadOnlySpan<byte> text) ? OfText(text) : AddedValue.Misfit(json);
            default:
                return column.Type == AddedColumnType.String ? AddedValue.Of(json)
                    : type is JsonTokenType.StartObject or JsonTokenType.StartArray || (type == JsonTokenType.Number ? column.Type is AddedColumnType.Boolean or AddedColumnType.Timestamp : column.Type != AddedColumnType.Boolean) ? AddedValue.Misfit(json)
                    : OfText(json);
        }
    }

    /// <summary>Returns the value as JSON, for people and programs that read rows.</summary>
    public string Json(ReadOnlySpan<byte> attributes)
    {
        AddedValue value = Read(attributes);
        return !value.HasValue ? "null" : column.Type switch
        {
            AddedColumnType.Int64 => value.Whole.ToString(CultureInfo.InvariantCulture),
            AddedColumnType.Double => value.Real.ToString("R", CultureInfo.InvariantCulture),
            AddedColumnType.Boolean => value.Truth ? "true" : "false",
            AddedColumnType.Timestamp => $"\"{TextOf(value.Whole)}\"",
            _ => $"\"{JsonEncodedText.Encode(value.Text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"",
        };
    }

    private static string TextOf(long micros)
    {
        Span<byte> text = stackalloc byte[TimestampText.FormatBytesMax];
        return Encoding.ASCII.GetString(text[..TimestampText.FormatUtc(micros, text)]);
    }

    // Texts of tables are numbers, times and truths as well; blanks around them do not count.
    private AddedValue OfText(ReadOnlySpan<byte> text)
    {
        if (column.Type == AddedColumnType.String)
        {
            return AddedValue.Of(text);
        }

        ReadOnlySpan<byte> trimmed = text.Trim(" \t"u8);
        if (trimmed.IsEmpty)
        {
            return default;
        }

        switch (column.Type)
        {
            case AddedColumnType.Int64 when IntegerText.IsInteger(WholeOf(trimmed)) && Utf8Parser.TryParse(WholeOf(trimmed), out long whole, out _):
                return AddedValue.Of(whole);
            case AddedColumnType.Double when IsNumber(trimmed) && double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real):
                return AddedValue.Of(real);
            case AddedColumnType.Boolean when trimmed.SequenceEqual("true"u8) || trimmed.SequenceEqual("false"u8):
                return AddedValue.Of(trimmed[0] == 't');
            case AddedColumnType.Timestamp when TimestampText.TryParse(trimmed, zone, out long micros, out _):
                return AddedValue.Of(micros);
            default:
                return AddedValue.Misfit(text);
        }
    }

    // Not Infinity, not NaN.
    private static bool IsNumber(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(NumberBytes);

    // 7.0 is 7.
    private static ReadOnlySpan<byte> WholeOf(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'.') is > 0 and var point && point + 1 < text.Length && !text[(point + 1)..].ContainsAnyExcept((byte)'0') ? text[..point] : text;

    private bool TryFind(ReadOnlySpan<byte> json, byte[][] names, int depth, out JsonTokenType type, out ReadOnlySpan<byte> value)
    {
        type = JsonTokenType.None;
        value = default;
        var reader = new Utf8JsonReader(json, Depth);
        reader.Read();
        while (true)
        {
            if (depth == names.Length)
            {
                type = reader.TokenType;
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                value = json[start..(int)reader.BytesConsumed];
                return true;
            }

            // JSON within a text is gone on in, as by a mapping's path.
            if (reader.TokenType == JsonTokenType.String)
            {
                return Unescaped(json[((int)reader.TokenStartIndex + 1)..((int)reader.BytesConsumed - 1)], out ReadOnlySpan<byte> text)
                    && MappedObject.IsJsonWithin(text) && TryFind(text.ToArray(), names, depth, out type, out value);
            }

            if (!TryEnter(ref reader, names[depth++]))
            {
                return false;
            }
        }
    }

    // Moves to the value of a name, or to an element.
    private static bool TryEnter(ref Utf8JsonReader reader, byte[] name)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isIt = reader.ValueIsEscaped ? IsEscaped(reader.ValueSpan, name) : reader.ValueSpan.SequenceEqual(name);
                reader.Read();
                if (isIt)
                {
                    return true;
                }

                reader.Skip();
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray && Utf8Parser.TryParse(name, out int wanted, out int used) && used == name.Length)
        {
            for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                if (index == wanted)
                {
                    return true;
                }

                reader.Skip();
            }
        }

        return false;
    }

    private static bool IsEscaped(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> name)
    {
        byte[] text = new byte[escaped.Length];
        return JsonText.TryUnescape(escaped, text, out int written) && name.SequenceEqual(text.AsSpan(0, written));
    }

    private bool Unescaped(ReadOnlySpan<byte> escaped, out ReadOnlySpan<byte> text)
    {
        text = escaped;
        if (!escaped.Contains((byte)'\\'))
        {
            return true;
        }

        if (_scratch.Length < escaped.Length)
        {
            _scratch = new byte[Math.Max(256, escaped.Length)];
        }

        bool isText = JsonText.TryUnescape(escaped, _scratch, out int written);
        text = _scratch.AsSpan(0, written);
        return isText;
    }
}
