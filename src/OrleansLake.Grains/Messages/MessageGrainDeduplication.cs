using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>Has every message's own grain decide which of a frame's copies count.</summary>
/// <remarks>
/// Frames are decided one after the other, so that a grain gets its copies in the order of the log; within a frame all
/// messages are asked side by side. The partition's state stays the store of what counts: a grain that does not know it
/// is given it, and one that dies is made anew.
/// </remarks>
internal sealed class MessageGrainDeduplication(LakePartition partition, IGrainFactory grains)
{
    // Calls under way: enough to keep the silos busy while each waits for its turn.
    private const int CallsMax = 256;

    // Grain keys travel with every call. A longer id is decided in place.
    private const int IdBytesMax = 512;

    private static readonly ParallelOptions Calls = new() { MaxDegreeOfParallelism = CallsMax };

    /// <summary>One decision for each row of a frame; null if it has none here.</summary>
    /// <exception cref="OwnershipLostException">A later owner has asked the grains already.</exception>
    internal async Task<KeyDecision[]?> DecideAsync(LogFrame frame)
    {
        if (frame.Rows is not { Count: > 0 } rows)
        {
            return null;
        }

        var decisions = new KeyDecision[rows.Count];
        Dictionary<string, List<int>> byMessage = Group(rows);
        string[] ids = [.. byMessage.Keys];
        List<MessageOccurrence>[] known = partition.Find([.. ids.Select(Encoding.UTF8.GetBytes)]);
        await Parallel.ForEachAsync(Enumerable.Range(0, ids.Length), Calls, async (i, _) =>
        {
            List<int> mine = byMessage[ids[i]];
            MessageVerdict verdict = await AskAsync(ids[i], frame, rows, mine, known[i]);
            for (int n = 0; n < mine.Count; n++)
            {
                decisions[mine[n]] = verdict.Decisions[n];
            }
        });
        return decisions;
    }

    private async Task<MessageVerdict> AskAsync(string id, LogFrame frame, MessageBatch rows, List<int> mine, List<MessageOccurrence> known)
    {
        IMessageGrain grain = grains.GetGrain<IMessageGrain>(id);
        var copies = new MessageCopies
        {
            Epoch = partition.Epoch.Value,
            Frame = frame.Start.Sequence,
            Known = known.Count == 0 ? [] : null,
            KnownStamp = MessageCopies.StampOf(known.Select(one => one.Offset)),
            Copies = [.. mine.Select(row => Cell(rows, row, frame.FirstOffset))],
        };
        MessageVerdict verdict = await Retries.RunAsync(() => grain.DecideAsync(copies));
        if (verdict.IsUnknown)
        {
            copies = copies with { Known = [.. known.Select(MessageOccurrenceCell.Of)] };
            verdict = await Retries.RunAsync(() => grain.DecideAsync(copies));
        }

        return verdict.IsStale ? throw new OwnershipLostException($"message {id} was decided on by a later owner of its partition") : verdict;
    }

    // Corrupted messages have no key, and a null id (another program's) no grain.
    private static Dictionary<string, List<int>> Group(MessageBatch rows)
    {
        var byMessage = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        Span<byte> text = stackalloc byte[IdBytesMax];
        for (int row = 0; row < rows.Count; row++)
        {
            int length = rows.MessageIds.TextLength(row);
            if (length is 0 or > IdBytesMax || Corruption.IsCorrupted(rows.EventTypes[row], rows.EventTypes.IsNull(row)))
            {
                continue;
            }

            rows.MessageIds.CopyText(row, text[..length]);
            string id = Encoding.UTF8.GetString(text[..length]);
            if (!byMessage.TryGetValue(id, out List<int>? mine))
            {
                byMessage.Add(id, mine = []);
            }

            mine.Add(row);
        }

        return byMessage;
    }

    private static MessageOccurrenceCell Cell(MessageBatch rows, int row, long firstOffset) => new()
    {
        EventType = Encoding.UTF8.GetString(rows.EventTypes[row]),
        Channel = rows.Channels.IsNull(row) ? null : Encoding.UTF8.GetString(rows.Channels[row]),
        Timestamp = rows.Timestamps.IsNull(row) ? null : rows.Timestamps.Values[row],
        Offset = firstOffset + row,
        UserId = rows.UserIds.IsNull(row) ? null : rows.UserIds.Values[row],
        CountryId = rows.CountryIds.IsNull(row) ? null : rows.CountryIds.Values[row],
    };
}
