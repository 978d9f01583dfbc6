using System.Buffers.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;

namespace OrleansLake.Benchmarks.State;

/// <summary>Messages that are each a key of its own, in batches that are made again in the same arrays.</summary>
/// <param name="isText">Whether the ids are texts of 40 bytes; else they are UUIDs.</param>
internal sealed class KeyStream(bool isText)
{
    /// <summary>Messages of a batch.</summary>
    public const int BatchRows = 10_000;

    private const int Users = 200_000;
    private const long Start = 1_734_350_400_000_000;    // 2024-12-16T12:00:00Z, in microseconds
    private const int StartDay = 20_073;

    private readonly int[] _days = [.. Enumerable.Repeat(StartDay, BatchRows)];
    private int _made;

    /// <summary>The batch that was made last.</summary>
    public PreparedBatch Prepared { get; } = new();

    private MessageBatch Batch { get; } = new();

    /// <summary>Makes the next batch and prepares it for a state.</summary>
    public void Next(LakeState state)
    {
        Batch.Truncate(0);
        Span<byte> text = stackalloc byte[40];
        "order-2024-12-16-eu-west-1-"u8.CopyTo(text);
        for (int row = 0; row < BatchRows; row++, _made++)
        {
            Batch.Timestamps.Append(Start + (_made % 1_000_000));
            Batch.Values.AppendNull();
            Batch.EventTypes.Append(_made % 3 == 0 ? "SENT"u8 : "CREATED"u8);
            if (isText)
            {
                Utf8Formatter.TryFormat(_made, text[27..], out _, new System.Buffers.StandardFormat('D', 13));
                Batch.MessageIds.Append(text);
            }
            else
            {
                Batch.MessageIds.AppendUuid(new MessageIdBits(Mixed((ulong)_made * 2), Mixed(((ulong)_made * 2) + 1)));
            }

            Batch.Channels.Append(_made % 2 == 0 ? "CHAT"u8 : "EMAIL"u8);
            Batch.CountryIds.Append(2000 + (_made % 16));
            Batch.UserIds.Append((int)(Mixed((ulong)_made) % Users));
        }

        state.Prepare(Batch, _made - BatchRows, _days, Prepared);
    }

    // SplitMix64: as good as random, and the same every time.
    private static ulong Mixed(ulong value)
    {
        value = (value + 1) * 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
