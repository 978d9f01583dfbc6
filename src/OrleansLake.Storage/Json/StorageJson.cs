using System.Buffers;
using System.Text.Json;

namespace OrleansLake.Storage;

/// <summary>
/// The JSON of everything that is stored as JSON, field by field. (The serializer builds what it knows of a type again in
/// every process, out of generics that are compiled then: a third of the time that a short command takes.)
/// Unknown fields are an error, because a newer format has a newer version, and so are nulls; a number that is not there
/// is 0.
/// </summary>
internal static class StorageJson
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true };

    // For files that people open.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", SkipValidation = true };

    /// <summary>Writes a document and a line feed.</summary>
    public static void Write<T>(IBufferWriter<byte> destination, T document, JsonWriting<T> writing, bool isIndented)
    {
        using (var json = new Utf8JsonWriter(destination, isIndented ? Indented : Compact))
        {
            writing(json, document);
        }

        destination.Write("\n"u8);
    }

    /// <exception cref="OrleansLake.Core.CorruptDataException">It is not such a document.</exception>
    public static T Read<T>(string path, ReadOnlySpan<byte> bytes, JsonReading<T> reading)
    {
        var json = new StorageJsonReader(bytes);
        try
        {
            json.Next();
            T document = reading(ref json);
            json.Next();
            return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An invalid operation is what the reader calls text that is not UTF-8.
            throw Damage.At(path, json.Position, WithoutPlace(e.Message), Damage.RestoreFile);
        }
    }

    // The reader's own sentence; the place that it adds counts from where it began.
    private static string WithoutPlace(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    public static void WriteArray<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T> values, JsonWriting<T> writing)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            writing(json, value);
        }

        json.WriteEndArray();
    }

    public static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts) =>
        WriteArray(json, name, texts, static (json, text) => json.WriteStringValue(text));
}
