using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansLake.Cli.Output;

/// <summary>JSON objects, a line each, for results that are small.</summary>
internal static class JsonLines
{
    // Output is a file or a pipe, never HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream destination, Action<Utf8JsonWriter> members)
    {
        WriteObject(destination, members);
        destination.Write("\n"u8);
    }

    public static void WriteObject(Stream destination, Action<Utf8JsonWriter> members)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        destination.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
