using System.Text.Json;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Hosting;

/// <summary>
/// Mended records in a file: a JSON object a line with the <c>id</c> of the record that it takes the place of, and what
/// does as <c>message</c> (JSON), <c>raw</c> (text) or <c>raw_base64</c>; or, for one record named on the command line,
/// nothing but the mended record.
/// </summary>
internal static class FixFile
{
    public static IReadOnlyDictionary<QuarantineId, byte[]> Read(string path, IReadOnlyList<QuarantineRange> wanted)
    {
        byte[] bytes = path == "-" ? ReadInput() : File.ReadAllBytes(path);
        return Parse(bytes, path == "-" ? "stdin" : path, wanted);
    }

    public static IReadOnlyDictionary<QuarantineId, byte[]> Parse(byte[] bytes, string name, IReadOnlyList<QuarantineRange> wanted)
    {
        var fixes = new Dictionary<QuarantineId, byte[]>();
        int line = 0;
        foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
        {
            line++;
            ReadOnlyMemory<byte> text = bytes.AsMemory(range);
            if (text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (!TryReadFix(text, out QuarantineId id, out byte[]? fix))
            {
                return fixes.Count == 0 && wanted is [{ IsOne: true } one]
                    ? new Dictionary<QuarantineId, byte[]> { [one.First] = OnOneLine(bytes) }
                    : throw new LakeException(LakeFailure.Failed, $"{name}, line {line}: expected {{\"id\":\"412.3\",\"raw\":\"...\"}} with the id of a rejected record and what takes its place, as `lake quarantine list --format ndjson` prints it.");
            }

            if (!fixes.TryAdd(id, fix))
            {
                throw new LakeException(LakeFailure.Failed, $"{name}, line {line}: record {id} stands there twice.");
            }
        }

        return fixes;
    }

    private static bool TryReadFix(ReadOnlyMemory<byte> line, out QuarantineId id, out byte[] fix)
    {
        id = default;
        fix = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id", out JsonElement idText)
                || idText.ValueKind != JsonValueKind.String || !QuarantineId.TryParse(idText.GetString(), out id))
            {
                return false;
            }

            if (root.TryGetProperty("message", out JsonElement message))
            {
                fix = System.Text.Encoding.UTF8.GetBytes(message.GetRawText());
                return true;
            }

            if (root.TryGetProperty("raw", out JsonElement raw) && raw.ValueKind == JsonValueKind.String)
            {
                fix = System.Text.Encoding.UTF8.GetBytes(raw.GetString()!);
                return true;
            }

            return root.TryGetProperty("raw_base64", out JsonElement base64) && base64.ValueKind == JsonValueKind.String
                && base64.TryGetBytesFromBase64(out fix!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // An editor may have laid out the object over several lines; a record is one.
    private static byte[] OnOneLine(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                document.WriteTo(writer);
            }

            return stream.ToArray();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return bytes;
        }
    }

    private static byte[] ReadInput()
    {
        using Stream input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }
}
