using System.Globalization;
using System.Text;

namespace OrleansLake.TestSupport;

/// <summary>The right answer, in the plainest way: slow, and everything in memory.</summary>
public static class Oracle
{
    /// <summary>Returns whether a message belongs to the corrupted ones.</summary>
    public static bool IsCorrupted(Message message) => message.EventType is null or "" or "NONE";

    /// <summary>The first occurrence of each key; the messages are in the order of bronze.</summary>
    public static IReadOnlyList<Message> FirstOccurrences(IEnumerable<Message> messages) =>
    [
        .. messages.Where(message => !IsCorrupted(message))
            .GroupBy(message => (message.MessageId, message.EventType, message.Channel))
            .Select(copies => copies.OrderBy(message => message.Timestamp is null).ThenBy(message => message.Timestamp).First()),
    ];

    /// <summary>Report 1 as NDJSON.</summary>
    public static string Report1(IEnumerable<Message> messages) => Pivot(
        FirstOccurrences(messages), ["date", "channel"], message => [Date(message), message.Channel], message => message.EventType,
        "null", "total", totalIsLast: true, byTotal: false);

    /// <summary>Report 2 as NDJSON.</summary>
    /// <param name="messages">The messages, in the order of bronze.</param>
    /// <param name="ids">What users are in the lake; null: their numbers.</param>
    public static string Report2(IEnumerable<Message> messages, SentIds? ids = null) => Pivot(
        FirstOccurrences(messages), ["user_id"], message => [(ids ?? SentIds.Numbers).User(message.UserId)], message => message.Channel,
        "0", "iterations", totalIsLast: false, byTotal: true);

    /// <summary>Any report as NDJSON, over messages that are first occurrences.</summary>
    public static string Pivot(
        IReadOnlyList<Message> messages, string[] keyNames, Func<Message, object?[]> keys, Func<Message, string?> column,
        string absent, string totalName, bool totalIsLast, bool byTotal)
    {
        string?[] values = [.. messages.Select(column).Distinct().OrderBy(value => value is not null).ThenBy(value => value, Utf8Order)];
        string[] names = Names([.. keyNames, totalName], [.. values.Select(value => value ?? "null")]);
        var rows = messages.GroupBy(message => string.Join(',', keys(message).Select(Json)))
            .Select(row => (Keys: keys(row.First()), Messages: row.ToList()))
            .OrderBy(row => byTotal ? -row.Messages.Count : 0);
        for (int i = 0; i < keyNames.Length; i++)
        {
            int key = i;
            rows = rows.ThenBy(row => row.Keys[key] is not null)
                .ThenBy(row => row.Keys[key] as int? ?? row.Keys[key] as long? ?? 0)
                .ThenBy(row => row.Keys[key] as string, Utf8Order);
        }

        var text = new StringBuilder();
        foreach ((object?[] rowKeys, List<Message> members) in rows)
        {
            var cells = keyNames.Select((name, i) => $"{Json(name)}:{Json(rowKeys[i])}").ToList();
            cells.AddRange(values.Select((value, i) => (names[i], members.Count(message => column(message) == value)))
                .Select(cell => $"{Json(cell.Item1)}:{(cell.Item2 == 0 ? absent : cell.Item2.ToString(CultureInfo.InvariantCulture))}"));
            cells.Insert(totalIsLast ? cells.Count : keyNames.Length, $"{Json(totalName)}:{members.Count}");
            text.Append('{').AppendJoin(',', cells).Append("}\n");
        }

        return text.ToString();
    }

    /// <summary>A message's date as text.</summary>
    public static string? Date(Message message) => message.Day == int.MinValue ? null
        : new DateOnly(1970, 1, 1).AddDays(message.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Text in the order of its UTF-8 bytes.</summary>
    public static IComparer<string?> Utf8Order { get; } = Comparer<string?>.Create((a, b) =>
        Encoding.UTF8.GetBytes(a ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b ?? "")));

    private static string[] Names(string[] own, string[] values)
    {
        string[] names = [.. values];
        for (int i = 0; i < names.Length; i++)
        {
            bool collides = Own(names[i]) || values.AsSpan(0, i).Contains(names[i]);
            while (collides && (Own(names[i]) || values.Contains(names[i]) || names.AsSpan(0, i).Contains(names[i])))
            {
                names[i] += "_";
            }
        }

        return names;

        bool Own(string name) => own.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static string Json(object? value) => value is not string text ? Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } number ? number : "null"
        : "\"" + string.Concat(text.Select(c => c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            < ' ' => $"\\u{(int)c:x4}",
            _ => c.ToString(),
        })) + "\"";
}
