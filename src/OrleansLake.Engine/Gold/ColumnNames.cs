using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Engine.Gold;

/// <summary>A report's own column names as they are in Parquet metadata: an array in JSON.</summary>
internal static class ColumnNames
{
    internal static string Write(IReadOnlyList<string> names)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (string name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <exception cref="JsonException">It is not an array of texts.</exception>
    internal static string[] Read(string text)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        var names = new List<string>();
        if (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType == JsonTokenType.String)
            {
                names.Add(json.GetString()!);
            }
        }

        return json.TokenType == JsonTokenType.EndArray && !json.Read() ? [.. names] : throw new JsonException("no array of column names");
    }
}
