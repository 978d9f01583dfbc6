using System.Text;
using System.Text.Json;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Hosting;

/// <summary>
/// A file with replacements of rejected records: a JSON object a line with the record's <c>id</c>, and its
/// <c>message</c> (an object), <c>messages</c> (an array of them), <c>raw</c> (text) or <c>raw_base64</c>. Several lines
/// of one id are several messages. For one record named on the command line the file may hold nothing but its messages.
/// </summary>
internal static class FixFile
{
    private const int BytesMax = 1024 * 1024 * 1024;

    public static async Task<IReadOnlyDictionary<QuarantineId, byte[]>> ReadAsync(string path, IReadOnlyList<QuarantineRange> wanted, CancellationToken cancellationToken)
    {
        string name = PipeInput.NameOf(path);
        byte[] bytes = await PipeInput.ReadWholeAsync(path, BytesMax, cancellationToken).ConfigureAwait(false);
        return WholeFile.PackedAdvice(bytes, name, "lake quarantine replay --fix -") is { } advice
            ? throw new LakeException(LakeFailure.Failed, advice)
            : Parse(bytes, name, wanted);
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

            if (!TryReadFix(text, out QuarantineId id, out byte[]? fix, out bool isTwice))
            {
                if (isTwice)
                {
                    throw new LakeException(LakeFailure.Failed, $"{name}, line {line}: it has both message and messages; give one of them, with all that takes the record's place.");
                }

                return fixes.Count == 0 && wanted is [{ IsOne: true } one]
                    ? new Dictionary<QuarantineId, byte[]> { [one.First] = OnLines(bytes) }
                    : throw new LakeException(LakeFailure.Failed, $"{name}, line {line}: expected {{\"id\":\"412.3\",\"raw\":\"...\"}} with the id of a rejected record and what takes its place, as `lake quarantine list --format ndjson` prints it.");
            }

            fixes[id] = fixes.TryGetValue(id, out byte[]? before) ? [.. before, (byte)'\n', .. fix] : fix;
        }

        return fixes;
    }

    private static bool TryReadFix(ReadOnlyMemory<byte> line, out QuarantineId id, out byte[] fix, out bool isTwice)
    {
        isTwice = false;
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

            isTwice = root.TryGetProperty("message", out _) && root.TryGetProperty("messages", out _);
            if (isTwice)
            {
                return false;
            }

            if (root.TryGetProperty("message", out JsonElement message) || root.TryGetProperty("messages", out message))
            {
                fix = OnLines(Encoding.UTF8.GetBytes(message.GetRawText()));
                return true;
            }

            if (root.TryGetProperty("raw", out JsonElement raw) && raw.ValueKind == JsonValueKind.String)
            {
                fix = OnLines(Encoding.UTF8.GetBytes(raw.GetString()!));
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

    // One message a line: an editor may have laid out an object over several, or put several into an array. What cannot
    // be read as JSON stays as it is, and the reader of messages says what is wrong with it.
    private static byte[] OnLines(byte[] bytes)
    {
        try
        {
            using var lines = new MemoryStream();
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                JsonElement root = document.RootElement;
                foreach (JsonElement message in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().AsEnumerable() : [root])
                {
                    WriteLine(lines, message);
                }
            }

            return lines.ToArray();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return bytes;
        }
    }

    // As it came, but for its line ends, which outside of a text are blanks and inside of one cannot occur.
    private static void WriteLine(MemoryStream lines, JsonElement message)
    {
        if (lines.Length > 0)
        {
            lines.WriteByte((byte)'\n');
        }

        foreach (byte one in Encoding.UTF8.GetBytes(message.GetRawText()))
        {
            lines.WriteByte(one is (byte)'\n' or (byte)'\r' ? (byte)' ' : one);
        }
    }
}
