using System.Text.Json;

namespace OrleansLake.Server.Embedding;

/// <summary>
/// JSON that leaves no doubt: no name twice in an object, a bounded depth, and every text readable (bad UTF-8 and halves
/// of surrogate pairs would otherwise be found only where a text is taken out).
/// </summary>
internal static class StrictJson
{
    private const int DepthMax = 8;

    /// <summary>Returns the document; null if it is not such JSON.</summary>
    internal static JsonDocument? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions { MaxDepth = DepthMax });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    _ = reader.GetString();
                }
            }

            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
