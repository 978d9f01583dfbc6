using System.Text;
using System.Text.Json;

namespace OrleansLake.Storage;

/// <summary>
/// Reads a document's values, each of which begins at the token that the reader is at. An object's fields are read in
/// a loop: <see cref="NextField"/>, then <see cref="Is"/> for every name that is known, and the value of the one that it
/// is; else <see cref="Unknown"/> is thrown.
/// </summary>
internal ref struct StorageJsonReader(ReadOnlySpan<byte> bytes)
{
    private Utf8JsonReader _reader = new(bytes);
    private ReadOnlySpan<byte> _field;

    /// <summary>Gets the offset at which the token begins, in bytes.</summary>
    public readonly long Position => _reader.TokenStartIndex;

    /// <summary>Goes to the next token.</summary>
    /// <exception cref="JsonException">It is none, or it is not the end and nothing follows.</exception>
    public void Next() => _reader.Read();

    public readonly void BeginObject() => Expect(JsonTokenType.StartObject, "object");

    /// <summary>Goes to the object's next field; false at its end.</summary>
    public bool NextField() => _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Returns whether the field has this name; the reader is then at its value.</summary>
    public bool Is(ReadOnlySpan<byte> name)
    {
        if (!_reader.ValueTextEquals(name))
        {
            return false;
        }

        _field = name;
        _reader.Read();
        return true;
    }

    public readonly JsonException Unknown() => new($"it has a field that this version does not know, {_reader.GetString()}");

    public static JsonException Missing(string field) => new($"it has no field {field} where one belongs");

    public readonly JsonException Wrong(string expected) => new($"'{Encoding.UTF8.GetString(_field)}' must be a {expected}");

    public readonly int Int32()
    {
        Expect(JsonTokenType.Number, "number");
        return _reader.TryGetInt32(out int value) ? value : throw Wrong("whole number of 32 bits");
    }

    public readonly uint UInt32()
    {
        Expect(JsonTokenType.Number, "number");
        return _reader.TryGetUInt32(out uint value) ? value : throw Wrong("whole number of 32 bits without a sign");
    }

    public readonly long Int64()
    {
        Expect(JsonTokenType.Number, "number");
        return _reader.TryGetInt64(out long value) ? value : throw Wrong("whole number of 64 bits");
    }

    public readonly string Text()
    {
        Expect(JsonTokenType.String, "text");
        return _reader.GetString()!;
    }

    /// <summary>Returns whether the value is this text.</summary>
    public readonly bool IsText(ReadOnlySpan<byte> text) => _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals(text);

    public List<string> Texts() => Array(static (ref StorageJsonReader json) => json.Text());

    public List<T> Array<T>(JsonReading<T> reading)
    {
        Expect(JsonTokenType.StartArray, "array");
        var values = new List<T>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(reading(ref this));
        }

        return values;
    }

    private readonly void Expect(JsonTokenType type, string expected)
    {
        if (_reader.TokenType != type)
        {
            throw Wrong(expected);
        }
    }
}
