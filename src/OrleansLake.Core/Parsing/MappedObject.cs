using System.Text.Json;
using OrleansLake.Core.Mapping;

namespace OrleansLake.Core.Parsing;

/// <summary>Reads JSON along the paths of a mapping: the values that they lead to, and past all others.</summary>
/// <param name="values">Gets the values.</param>
/// <param name="leftOut">Gets the others.</param>
internal sealed class MappedObject(MappedValues values, LeftOutFields leftOut)
{
    private readonly JsonStrings _strings = new();

    /// <summary>Reads a record's object, of which the reader has the first token, and makes a message of it.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Read(ReadOnlySpan<byte> record, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        values.Clear();
        _strings.Reserve(record.Length);
        Walk(values.Mapping.Root, 0, isInScratch: false, record, ref reader, ref fields);

        // The object has ended: anything that follows makes this throw.
        reader.Read();
        values.Finish(record, leftOut, ref fields);
    }

    /// <summary>Reads a text, such as a table's cell, at a place to which paths lead.</summary>
    public void Read(PathNode place, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        MappedText kept = values.Copy(text);
        values.Put(place, ValueKind.Text, kept, ref fields);
        _strings.Reserve(text.Length);
        NoteUnused(place, ReadWithin(place, kept, default, ref fields));
    }

    private void Walk(PathNode place, int origin, bool isInScratch, ReadOnlySpan<byte> record, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        bool isArray = reader.TokenType == JsonTokenType.StartArray;
        for (int index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            PathNode? next;
            ReadOnlySpan<byte> name = default;
            if (isArray)
            {
                next = place.Find(index);
            }
            else
            {
                next = _strings.TryRead(ref reader, ref fields, 0, out name) ? place.Find(name) : null;
                reader.Read();
            }

            if (next is null)
            {
                leftOut.Pass(place.Utf8, name, _strings, ref reader, ref fields);
            }
            else
            {
                Take(next, origin, isInScratch, record, ref reader, ref fields);
            }
        }
    }

    private void Take(PathNode place, int origin, bool isInScratch, ReadOnlySpan<byte> record, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        int start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                if (ReadString(origin, isInScratch, ref reader, ref fields) is { } kept)
                {
                    values.Put(place, ValueKind.Text, kept, ref fields);
                    NoteUnused(place, ReadWithin(place, kept, record, ref fields));
                }

                break;
            case JsonTokenType.Null:
                values.Put(place, ValueKind.Null, default, ref fields);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (place.HasChildren)
                {
                    Walk(place, origin, isInScratch, record, ref reader, ref fields);
                }
                else
                {
                    _strings.Skip(ref reader, ref fields);
                }

                values.Put(place, ValueKind.Other, new MappedText(origin + start, (int)reader.BytesConsumed - start, isInScratch), ref fields);
                break;
            default:
                ValueKind kind = reader.TokenType == JsonTokenType.Number ? ValueKind.Number : ValueKind.Truth;
                values.Put(place, kind, new MappedText(origin + start, reader.ValueSpan.Length, isInScratch), ref fields);
                NoteUnused(place, isWalked: false);
                break;
        }
    }

    private MappedText? ReadString(int origin, bool isInScratch, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        if (!reader.ValueIsEscaped)
        {
            return new MappedText(origin + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, isInScratch);
        }

        if (!_strings.TryRead(ref reader, ref fields, 0, out ReadOnlySpan<byte> decoded))
        {
            return null;
        }

        return values.Copy(decoded);
    }

    // Where paths only lead on, and there is nothing within.
    private void NoteUnused(PathNode place, bool isWalked)
    {
        if (!isWalked && place.Slots.Count == 0)
        {
            leftOut.See(place.Utf8);
        }
    }

    // JSON in a text: paths lead through it. What is not JSON has nothing within.
    private bool ReadWithin(PathNode place, MappedText kept, ReadOnlySpan<byte> record, ref MessageFields fields)
    {
        ReadOnlySpan<byte> text = values.TextOf(kept, record);
        if (!place.HasChildren || !IsJsonWithin(text))
        {
            return false;
        }

        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonLine.DepthMax });
        reader.Read();
        Walk(place, kept.Start, kept.IsInScratch, record, ref reader, ref fields);
        return true;
    }

    /// <summary>Returns whether a text is an object or an array of JSON, into which paths lead.</summary>
    public static bool IsJsonWithin(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] && IsJson(text);

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonLine.DepthMax });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
