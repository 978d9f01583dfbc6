using OrleansLake.Core.Parsing;

namespace OrleansLake.Server.Messages;

/// <summary>The note to a sender about columns that its messages seem to have by other names.</summary>
internal static class ColumnNote
{
    // The first messages of a body are enough; more would cost its sender time.
    private const int LookedAtBytes = 4096;

    /// <summary>Returns a sentence about a body sent as lines of which none is a message: JSON over several lines, or no JSON at all; null if it is neither.</summary>
    internal static string? OfLines(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> text = body.Trim(" \t\r\n"u8);
        int line = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> json = text;
        for (int next; json is not ([(byte)'{' or (byte)'[', ..]) && (next = json.IndexOf((byte)'\n')) >= 0;)
        {
            json = json[(next + 1)..].TrimStart(" \t\r\n"u8);
        }

        if (json is [(byte)'{' or (byte)'[', ..])
        {
            int end = json.IndexOf((byte)'\n');
            if (end > 0 && json[..end].TrimEnd(" \t\r,"u8) is not [.., (byte)'}' or (byte)']'])
            {
                return "JSON over several lines: send it as application/json";
            }

            if (json.Length == text.Length)
            {
                return null;
            }
        }

        ReadOnlySpan<byte> head = line < 0 ? text : text[..line];
        return head.IndexOf((byte)'{') < 0 && head.IndexOfAny((byte)',', (byte)';', (byte)'\t') > 0 ? "this looks like CSV: `lake ingest FILE` takes it" : null;
    }

    /// <summary>Returns a sentence about the first messages of a body; null if they have what is looked for, or nothing like it.</summary>
    internal static string? Of(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> start = body[..Math.Min(body.Length, LookedAtBytes)];

        // Nearly every sender names them all.
        bool hasAll = start.IndexOf("\"event_type\""u8) >= 0 && start.IndexOf("\"channel\""u8) >= 0 && start.IndexOf("\"value\""u8) >= 0
            && start.IndexOf("\"country_id\""u8) >= 0 && start.IndexOf("\"user_id\""u8) >= 0;
        return hasAll ? null : MissingColumns.DescribeAlike(start) is { } missing ? $"{missing} in the first messages of the body" : null;
    }
}
