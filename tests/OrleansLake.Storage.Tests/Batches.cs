using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansLake.Core.Messages;

namespace OrleansLake.Storage.Tests;

/// <summary>Messages for tests, and a text of each by which batches are compared.</summary>
public static class Batches
{
    public sealed record Row(
        long? Timestamp, string? Value, string? EventType, string? Id, string? Channel, int? Country, int? User);

    public static Gen<Row[]> Rows { get; } = MakeRows().ArrayOf();

    public static MessageBatch Of(params Row[] rows)
    {
        var batch = new MessageBatch();
        foreach (Row row in rows)
        {
            Append(batch.Timestamps, row.Timestamp);
            Append(row.Value, batch.Values.Append, batch.Values.AppendNull);
            Append(row.EventType, batch.EventTypes.Append, batch.EventTypes.AppendNull);
            Append(row.Id, batch.MessageIds.Append, batch.MessageIds.AppendNull);
            Append(row.Channel, batch.Channels.Append, batch.Channels.AppendNull);
            Append(batch.CountryIds, row.Country);
            Append(batch.UserIds, row.User);
        }

        return batch;
    }

    /// <summary>Rows that follow from a number.</summary>
    public static MessageBatch Numbered(int first, int count) => Of([.. Enumerable.Range(first, count).Select(i => new Row(
        1_734_350_400_000_000 + i, $"value {i}", i % 3 == 0 ? "OPEN" : "SENT", new Guid(i, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]).ToString(),
        "CHAT", 2000 + i % 16, i))]);

    public static Row[] RowsOf(MessageBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(row => new Row(
        batch.Timestamps.IsNull(row) ? null : batch.Timestamps.Values[row],
        batch.Values.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Values[row]),
        batch.EventTypes.IsNull(row) ? null : Encoding.UTF8.GetString(batch.EventTypes[row]),
        IdOf(batch.MessageIds, row),
        batch.Channels.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Channels[row]),
        batch.CountryIds.IsNull(row) ? null : batch.CountryIds.Values[row],
        batch.UserIds.IsNull(row) ? null : batch.UserIds.Values[row]))];

    private static string? IdOf(MessageIdColumn ids, int row)
    {
        if (ids.Kinds[row] == MessageIdKind.Null)
        {
            return null;
        }

        byte[] text = new byte[ids.TextLength(row)];
        ids.CopyText(row, text);
        return Encoding.UTF8.GetString(text);
    }

    private delegate void AppendText(ReadOnlySpan<byte> text);

    private static void Append(string? text, AppendText append, Action appendNull)
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

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } number)
        {
            column.Append(number);
        }
        else
        {
            column.AppendNull();
        }
    }

    private static Gen<Row> MakeRows()
    {
        Gen<string?> text = Gen.Elements<string?>(null, "", "a", "OPEN", "NONE", "ünï", "\U0001F600", new string('x', 300));
        Gen<string?> id = Gen.OneOf(
            Gen.Choose(0, 1000).Select(i => (string?)new Guid(i, 3, 4, [9, 8, 7, 6, 5, 4, 3, 2]).ToString()),
            Gen.Choose(0, 1000).Select(i => (string?)$"id {i}"),
            Gen.Constant((string?)null));
        Gen<long?> time = Gen.OneOf(
            Gen.Choose(int.MinValue, int.MaxValue).Select(i => (long?)i * 1000), Gen.Constant((long?)null));
        Gen<int?> number = Gen.OneOf(
            Gen.Choose(int.MinValue, int.MaxValue).Select(i => (int?)i), Gen.Constant((int?)null));
        return from timestamp in time
               from value in text
               from eventType in text
               from messageId in id
               from channel in text
               from country in number
               from user in number
               select new Row(timestamp, value, eventType, messageId, channel, country, user);
    }
}
