using System.Globalization;
using System.Text;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Messages and the ways to write each of them.</summary>
internal sealed class RandomMessages(Random random)
{
    private static readonly string[] Texts =
    [
        "", "SENT", "NONE", "a", "😀", "ü\u0001\n\t\"\\/", "\u2028", "0123456789abcdef0", "ＡＢ", "null", "with, comma", "\u0000",
        "forty characters of text without escapes",
    ];

    private static readonly string[] Ignored =
        ["extra", "timestamps", "timestam", "value_", "event_typ", "message_id2", "channel ", "country", "user_i", "", "a name that is longer than any of those that messages have, by far"];

    private static readonly string[] IgnoredValues =
    [
        "{\"timestamp\":[1,2,{\"a\\n\":null}],\"x\":\"\\ud83d\\ude00\"}", "[true,1.5e3,\"\\u0041\"]", "null", "true", "false", "0", "-12", "1.5", "\"text\"", "\"\"",
    ];

    public Row Next() => new(
        Instant(),
        Text(),
        Text(),
        random.Next(3) == 0 ? Texts[random.Next(1, Texts.Length)] : new Guid(Bytes(16)).ToString(),
        Text(),
        Number(),
        Number());

    public string Json(Row row)
    {
        var fields = new List<string> { Field("timestamp", Quote(Row.Time(row.Timestamp!.Value))), Field("message_id", Quote(row.MessageId!)) };
        AddIf("value", row.Value is null ? null : Quote(row.Value));
        AddIf("event_type", row.EventType is null ? null : Quote(row.EventType));
        AddIf("channel", row.Channel is null ? null : Quote(row.Channel));
        AddIf("country_id", row.CountryId?.ToString(CultureInfo.InvariantCulture));
        AddIf("user_id", row.UserId?.ToString(CultureInfo.InvariantCulture));
        while (random.Next(4) == 0)
        {
            fields.Add(Field(Ignored[random.Next(Ignored.Length)], IgnoredValues[random.Next(IgnoredValues.Length)]));
        }

        string[] shuffled = [.. fields];
        if (random.Next(2) == 0)
        {
            random.Shuffle(shuffled);
        }

        string comma = random.Next(3) == 0 ? ", " : ",";
        return (random.Next(9) == 0 ? " " : "") + "{" + string.Join(comma, shuffled) + "}" + (random.Next(9) == 0 ? "\r" : "");

        void AddIf(string name, string? json)
        {
            if (json is not null || random.Next(2) == 0)
            {
                fields.Add(Field(name, json ?? "null"));
            }
        }
    }

    private string Field(string name, string json) =>
        (random.Next(30) == 0 && name.Length > 0 ? $"\"\\u{(int)name[0]:x4}{name[1..]}\"" : $"\"{name}\"") + (random.Next(4) == 0 ? ": " : ":") + json;

    private string Quote(string text)
    {
        var json = new StringBuilder("\"");
        bool eager = random.Next(10) == 0;
        foreach (char c in text)
        {
            if (c < 0x20 || eager)
            {
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                json.Append(c is '"' or '\\' ? $"\\{c}" : c.ToString());
            }
        }

        return json.Append('"').ToString();
    }

    private string? Text() => random.Next(5) == 0 ? null : Texts[random.Next(Texts.Length)];

    private int? Number() => random.Next(5) switch
    {
        0 => null,
        1 => random.Next(2) == 0 ? int.MinValue : int.MaxValue,
        2 => random.Next(-1, 2),
        _ => random.Next(2000, 2016),
    };

    private long Instant() => random.NextInt64(-62_135_596_800_000_000, 253_402_300_799_999_999);

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
