using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Random sources whose values are few, so that keys meet and move between dates and users.</summary>
public static class SentStreams
{
    private const long MicrosecondsPerHour = 3_600_000_000;
    private const long Start = 1_734_300_000_000_000;

    private static readonly string[] Ids =
    [
        "0af1b2c3-0000-4000-8000-00000000000a", "0AF1B2C3-0000-4000-8000-00000000000A", "10000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-000000000000", "123", "124", new string('x', 70), "ид", " ",
    ];

    private static readonly string?[] EventTypes =
        ["SENT", "SENT", "OPEN", "CLICKED", null, "", "NONE", "none", "total", "Date", "\u0001\"\\\n", "😀"];

    private static readonly string?[] Channels = ["CHAT", "SMS", "PUSH", null, "", "user_id", "null", "chat", "🐴"];

    private static readonly string[] Rejected =
    [
        "{not json}", "[1,2]", """{"message_id":"1"}""", """{"timestamp":"2024-12-16T10:00:00Z"}""",
        """{"timestamp":"soon","message_id":"1"}""", """{"timestamp":"2024-12-16T10:00:00Z","message_id":7.5}""",
        """{"timestamp":"2024-12-16T10:00:00Z","message_id":"1","user_id":2147483648}""",
    ];

    /// <summary>Sources of up to some hundred records.</summary>
    public static Arbitrary<SentMessage[]> Sources()
    {
        Gen<SentMessage> good =
            from hours in Gen.Choose(-60, 60)
            from micros in Gen.Elements(0, 0, 0, 1, 500_000)
            from eventType in Gen.Elements(EventTypes)
            from id in Gen.Elements(Ids)
            from channel in Gen.Elements(Channels)
            from country in Gen.Elements<int?>(null, 2000, 2007, 2015, 1, -5)
            from user in Gen.Elements<int?>(null, 0, 1, 2, int.MaxValue, int.MinValue)
            from value in Gen.Elements(null, "", "hello", "a\"b\\\r\nc", "текст 😀")
            from extra in Gen.Elements("", ",\"unknown\":{\"a\":[1,\"}\"]}", ",\"x\":null")
            select Of(Start + (hours * MicrosecondsPerHour) + micros, value, eventType, id, channel, country, user, extra);
        Gen<SentMessage> bad = Gen.Elements(Rejected).Select(line => new SentMessage(line, null, null));
        return Gen.Frequency((15, good), (1, bad)).ArrayOf().Resize(200).ToArbitrary();
    }

    /// <summary>A message and its line.</summary>
    internal static SentMessage Of(
        long micros, string? value = "v", string? eventType = "SENT", string id = "1", string? channel = "CHAT", int? country = 2000, int? user = 1, string extra = "")
    {
        string line = $"{{\"timestamp\":\"{TimeText(micros)}\"{Field("value", value)}{Field("event_type", eventType)}{Field("message_id", id)}"
            + $"{Field("channel", channel)}{Number("country_id", country)}{Number("user_id", user)}{extra}}}";
        return new SentMessage(line, value, new Message(micros, eventType, id, channel, country, user, 0));
    }

    /// <summary>Many different messages: some hundred keys, six dates.</summary>
    internal static SentMessage[] Many(int count, int seed)
    {
        var random = new Random(seed);
        var many = new SentMessage[count];
        for (int i = 0; i < count; i++)
        {
            string id = random.Next(4) == 0 ? random.Next(200).ToString(CultureInfo.InvariantCulture) : $"0af1b2c3-0000-4000-8000-{random.Next(500):x12}";
            many[i] = Of(
                Start + (random.Next(-60, 60) * MicrosecondsPerHour),
                random.Next(20) == 0 ? null : $"value {i}",
                random.Next(15) == 0 ? null : new[] { "CREATED", "SENT", "RECEIVED", "OPEN", "CLICKED", "NONE" }[random.Next(6)],
                id,
                new[] { "CHAT", "EMAIL", "SMS", "PUSH", "OTHER" }[random.Next(5)],
                2000 + random.Next(17),
                random.Next(50));
        }

        return many;
    }

    /// <summary>Cuts a source at places that the random numbers tell.</summary>
    internal static IEnumerable<SentMessage[]> Cut(SentMessage[] source, Random random)
    {
        for (int start = 0; start < source.Length;)
        {
            int end = Math.Min(source.Length, start + random.Next(0, 70));
            yield return source[start..end];
            start = end;
        }
    }

    /// <summary>A line for each record.</summary>
    internal static string Ndjson(IEnumerable<SentMessage> source, string lineEnd = "\n") =>
        string.Concat(source.Select(one => one.Line + lineEnd));

    /// <summary>An instant as text, to the microsecond.</summary>
    internal static string TimeText(long micros) =>
        DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Field(string name, string? text) =>
        text is null ? "" : $",\"{name}\":{CompactJson.Of(text)}";

    private static string Number(string name, int? number) =>
        number is null ? $",\"{name}\":null" : string.Create(CultureInfo.InvariantCulture, $",\"{name}\":{number}");
}
