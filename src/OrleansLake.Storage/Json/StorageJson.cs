using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Json;

/// <summary>
/// The JSON of everything that is stored as JSON, field by field. (The serializer builds what it knows of a type again in
/// every process, out of generics that are compiled then: a third of the time that a short command takes.)
/// A type's <see cref="JsonMap{T}"/> names each field once, for both directions: between <see cref="BeginObject"/> and the
/// end of <see cref="NextField"/>, a field's method writes the field if it has a value and returns false, so that all are
/// written in turn; or it reads the field if its name is the one that the reader is at, and returns whether it was.
/// Unknown fields are an error, because a newer format has a newer version, and so are nulls.
/// </summary>
internal ref struct StorageJson
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true };

    // For files that people open.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", SkipValidation = true };

    private readonly Utf8JsonWriter? _writer;
    private Utf8JsonReader _reader;
    private ReadOnlySpan<byte> _field;
    private bool _isFieldsDue;

    private StorageJson(Utf8JsonWriter writer) => _writer = writer;

    private StorageJson(ReadOnlySpan<byte> bytes) => _reader = new Utf8JsonReader(bytes);

    public readonly bool IsWriting => _writer is not null;

    /// <summary>Writes a document and a line feed.</summary>
    public static void Write<T>(IBufferWriter<byte> destination, T document, JsonMap<T> map, bool isIndented)
    {
        using (var writer = new Utf8JsonWriter(destination, isIndented ? Indented : Compact))
        {
            var json = new StorageJson(writer);
            map(ref json, document);
        }

        destination.Write("\n"u8);
    }

    /// <exception cref="OrleansLake.Core.CorruptDataException">It is not such a document.</exception>
    public static T Read<T>(string path, ReadOnlySpan<byte> bytes, JsonMap<T> map)
    {
        var json = new StorageJson(bytes);
        try
        {
            json._reader.Read();
            T document = map(ref json, default);
            json._reader.Read();
            return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An invalid operation is what the reader calls text that is not UTF-8.
            throw Damage.At(path, json._reader.TokenStartIndex, WithoutPlace(e.Message), Damage.RestoreFile);
        }
    }

    public static JsonException Missing(string field) => new($"it has no field {field} where one belongs");

    public readonly JsonException Wrong(string expected) => new($"'{Encoding.UTF8.GetString(_field)}' must be a {expected}");

    public void BeginObject()
    {
        if (_writer is null)
        {
            Expect(JsonTokenType.StartObject, "object");
            return;
        }

        _writer.WriteStartObject();
        _isFieldsDue = true;
    }

    /// <summary>Goes to the object's next field, or to all of them at once to write them; false at its end.</summary>
    public bool NextField()
    {
        if (_writer is null)
        {
            return _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;
        }

        if (!_isFieldsDue)
        {
            _writer.WriteEndObject();
            return false;
        }

        _isFieldsDue = false;
        return true;
    }

    /// <summary>Ends the list of an object's fields: what is read and was none of them is an error.</summary>
    public readonly bool Unknown() => _writer is null
        ? throw new JsonException($"it has a field that this version does not know, {_reader.GetString()}")
        : false;

    public bool Int32(ReadOnlySpan<byte> name, scoped ref int? value) => Value(name, ref value, MapInt32);

    public bool UInt32(ReadOnlySpan<byte> name, scoped ref uint? value) => Value(name, ref value, MapUInt32);

    public bool Int64(ReadOnlySpan<byte> name, scoped ref long? value) => Value(name, ref value, MapInt64);

    public bool Text(ReadOnlySpan<byte> name, scoped ref string? value) => Value(name, ref value, MapText);

    public bool Texts(ReadOnlySpan<byte> name, scoped ref IReadOnlyList<string>? values) => Array(name, ref values, MapText);

    public bool Value<T>(ReadOnlySpan<byte> name, scoped ref T? value, JsonMap<T> map)
        where T : class
    {
        if (!IsDue(name, value is not null))
        {
            return false;
        }

        value = map(ref this, IsWriting ? value : null);
        return !IsWriting;
    }

    public bool Value<T>(ReadOnlySpan<byte> name, scoped ref T? value, JsonMap<T> map)
        where T : struct
    {
        if (!IsDue(name, value is not null))
        {
            return false;
        }

        value = map(ref this, IsWriting ? value.GetValueOrDefault() : default);
        return !IsWriting;
    }

    public bool Array<T>(ReadOnlySpan<byte> name, scoped ref IReadOnlyList<T>? values, JsonMap<T> map)
    {
        if (!IsDue(name, values is not null))
        {
            return false;
        }

        if (_writer is { } writer)
        {
            writer.WriteStartArray();
            foreach (T value in values!)
            {
                map(ref this, value);
            }

            writer.WriteEndArray();
            return false;
        }

        Expect(JsonTokenType.StartArray, "array");
        var read = new List<T>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            read.Add(map(ref this, default));
        }

        values = read;
        return true;
    }

    /// <summary>Writes a value that is this text.</summary>
    public readonly void WriteText(ReadOnlySpan<byte> text) => _writer!.WriteStringValue(text);

    /// <summary>Returns whether the value that is read is this text.</summary>
    public readonly bool IsText(ReadOnlySpan<byte> text) => _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals(text);

    private static int MapInt32(ref StorageJson json, int value)
    {
        if (json._writer is { } writer)
        {
            writer.WriteNumberValue(value);
            return value;
        }

        json.Expect(JsonTokenType.Number, "number");
        return json._reader.TryGetInt32(out value) ? value : throw json.Wrong("whole number of 32 bits");
    }

    private static uint MapUInt32(ref StorageJson json, uint value)
    {
        if (json._writer is { } writer)
        {
            writer.WriteNumberValue(value);
            return value;
        }

        json.Expect(JsonTokenType.Number, "number");
        return json._reader.TryGetUInt32(out value) ? value : throw json.Wrong("whole number of 32 bits without a sign");
    }

    private static long MapInt64(ref StorageJson json, long value)
    {
        if (json._writer is { } writer)
        {
            writer.WriteNumberValue(value);
            return value;
        }

        json.Expect(JsonTokenType.Number, "number");
        return json._reader.TryGetInt64(out value) ? value : throw json.Wrong("whole number of 64 bits");
    }

    private static string MapText(ref StorageJson json, string? text)
    {
        if (json._writer is { } writer)
        {
            writer.WriteStringValue(text);
            return text!;
        }

        json.Expect(JsonTokenType.String, "text");
        return json._reader.GetString()!;
    }

    // Whether the field is to be written, and its name then is, or to be read, and the reader then is at its value.
    private bool IsDue(ReadOnlySpan<byte> name, bool hasValue)
    {
        if (_writer is not null)
        {
            if (hasValue)
            {
                _writer.WritePropertyName(name);
            }

            return hasValue;
        }

        if (!_reader.ValueTextEquals(name))
        {
            return false;
        }

        _field = name;
        _reader.Read();
        return true;
    }

    private readonly void Expect(JsonTokenType type, string expected)
    {
        if (_reader.TokenType != type)
        {
            throw Wrong(expected);
        }
    }

    // The reader's own sentence; the place that it adds counts from where it began.
    private static string WithoutPlace(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
