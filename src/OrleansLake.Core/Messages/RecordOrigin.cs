using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansLake.Core.Messages;

/// <summary>The knowledge of a broker about a record that it delivers, for lakes that keep it.</summary>
/// <param name="Offset">Its number in what it was read from, which no other has; null if the broker gives none that lasts.</param>
/// <param name="Attributes">The record's key and headers, as the members of a JSON object; null if there are none.</param>
public sealed record RecordOrigin(long? Offset, string? Attributes)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the members that are written of a JSON object, without its braces.</summary>
    internal static string Members(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(1, (int)bytes.Length - 2));
    }
}
