using OrleansLake.Core.Parsing;

namespace OrleansLake.Server.Messages;

/// <summary>The note to a sender about columns that its messages seem to have by other names.</summary>
internal static class ColumnNote
{
    // The first messages of a body are enough; more would cost its sender time.
    private const int LookedAtBytes = 4096;

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
