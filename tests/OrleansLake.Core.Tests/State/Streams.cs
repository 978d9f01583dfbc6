using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

/// <summary>Random streams that are small in their values, so that keys meet, and the ways to feed them to a state.</summary>
public static class Streams
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    private static readonly string?[] Ids =
    [
        "0af1b2c3-0000-4000-8000-00000000000a", "0AF1B2C3-0000-4000-8000-00000000000A", "10000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-000000000000", "123", "124", "", null, new string('x', 70), "ид",
    ];

    private static readonly string?[] EventTypes =
        ["SENT", "OPEN", "CLICKED", null, "", "NONE", "none", "total", "TOTAL", "total_", "null", "Date", "\u0001\"\\\n", "Ａ", "😀"];

    private static readonly string?[] Channels = ["CHAT", "SMS", "PUSH", null, "", "user_id", "Iterations", "null", "null_", "chat", "🐴"];

    public static Arbitrary<Message[]> Messages()
    {
        Gen<long?> timestamps = Gen.Frequency(
            (1, Gen.Constant<long?>(null)),
            (12, Gen.Choose(-3, 6).Select(n => (long?)(n * MicrosecondsPerDay / 2))),
            (4, Gen.Choose(-2, 2).Select(n => (long?)n)));
        Gen<int?> numbers = Gen.Elements<int?>(null, 0, 1, 2, 3, -1, int.MinValue, int.MaxValue);
        Gen<Message> messages =
            from timestamp in timestamps
            from eventType in Gen.Elements(EventTypes)
            from id in Gen.Elements(Ids)
            from channel in Gen.Elements(Channels)
            from country in numbers
            from user in numbers
            from shift in Gen.Elements(-1, 0, 0, 0, 1, 99)
            select new Message(timestamp, eventType, id, channel, country, user, DayOf(timestamp, shift));
        return messages.ArrayOf().Resize(300).ToArbitrary();
    }

    public static int DayOf(long? timestamp, int shift = 0) => timestamp is null || shift == 99
        ? LakeState.NoDay
        : (int)Math.Floor((decimal)timestamp.Value / MicrosecondsPerDay) + shift;

    public static MessageBatch Batch(IEnumerable<Message> messages)
    {
        var batch = new MessageBatch();
        foreach (Message message in messages)
        {
            Append(batch.Timestamps, message.Timestamp);
            batch.Values.Append("value"u8);
            Append(message.EventType, batch.EventTypes.AppendNull, bytes => batch.EventTypes.Append(bytes));
            Append(message.MessageId, batch.MessageIds.AppendNull, bytes => batch.MessageIds.Append(bytes));
            Append(message.Channel, batch.Channels.AppendNull, bytes => batch.Channels.Append(bytes));
            Append(batch.CountryIds, message.CountryId);
            Append(batch.UserIds, message.UserId);
        }

        return batch;
    }

    /// <summary>Applies messages that follow those applied before.</summary>
    public static void Apply(LakeState state, IReadOnlyList<Message> messages, long firstOffset)
    {
        var prepared = new PreparedBatch();
        state.Prepare(Batch(messages), firstOffset, Days(messages), prepared);
        state.Apply(prepared);
    }

    public static int[] Days(IEnumerable<Message> messages) => [.. messages.Select(message => message.Day)];

    /// <summary>Cuts a stream at places that a seed tells.</summary>
    public static IEnumerable<(int Start, Message[] Messages)> Cut(Message[] messages, int seed)
    {
        var random = new Random(seed);
        for (int start = 0; start < messages.Length;)
        {
            int end = Math.Min(messages.Length, start + random.Next(0, 80));
            yield return (start, messages[start..end]);
            start = end;
        }
    }

    public static string Ndjson(LakeState state, ReportDefinition report)
    {
        var text = new ArrayBufferWriter<byte>();
        ReportTable table = state.Report(report);

        // The oracle knows no names that were kept.
        table.WithNames(table.ValueNames).WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public static byte[] ExportAll(LakeState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        state.ExportAll(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public static byte[] ExportChanges(LakeState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        state.ExportChanges(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Everything that a state is asked for is what the oracle says.</summary>
    public static void AssertIsRight(LakeState state, IReadOnlyCollection<Message> messages)
    {
        Assert.Equal(Oracle.Report1(messages), Ndjson(state, LakeReports.Report1));
        Assert.Equal(Oracle.Report2(messages), Ndjson(state, LakeReports.Report2));
        LedgerCounts total = state.Ledger.Total;
        var first = Oracle.FirstOccurrences(messages);
        Assert.Equal(
            (messages.Count, messages.Count(message => !Oracle.IsCorrupted(message)), messages.Count(Oracle.IsCorrupted), first.Count),
            (total.Bronze, total.Messages, total.MessagesCorrupted, total.Deduplicated));
        Assert.Equal(total, state.Ledger.ByDate.Values.Aggregate(default(LedgerCounts), (sum, day) => sum + day));
        Assert.Equal(first.Count, state.KeyCount);
        foreach ((int day, LedgerCounts counts) in state.Ledger.ByDate)
        {
            Message[] ofDay = [.. messages.Where(message => message.Day == day)];
            Assert.Equal(
                (ofDay.Count(message => !Oracle.IsCorrupted(message)), ofDay.Count(Oracle.IsCorrupted), first.Count(message => message.Day == day)),
                (counts.Messages, counts.MessagesCorrupted, counts.Deduplicated));
        }

        Assert.Equal(messages.Select(message => message.Day).Distinct().Order(), state.Ledger.ByDate.Keys.Order());
    }

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } known)
        {
            column.Append(known);
        }
        else
        {
            column.AppendNull();
        }
    }

    private static void Append(string? text, Action appendNull, Action<byte[]> append)
    {
        if (text is null)
        {
            appendNull();
        }
        else
        {
            append(Encoding.UTF8.GetBytes(text));
        }
    }
}
