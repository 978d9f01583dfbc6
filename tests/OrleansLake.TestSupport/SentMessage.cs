using System.Globalization;
using System.Text;

namespace OrleansLake.TestSupport;

/// <summary>A message that was sent, and the text by which it is known again.</summary>
/// <param name="Value">A value that no other message has.</param>
/// <param name="Fields">All else.</param>
public sealed record SentMessage(string Value, Message Fields)
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private const long SomeDay = 1_734_350_400_000_000;
    private static readonly string?[] EventTypes = ["SENT", "OPEN", "CREATED", null, "", "NONE"];
    private static readonly string?[] Channels = ["CHAT", "SMS", "PUSH", null];

    /// <summary>A message of few ids and times, so that copies, ties and retractions are many.</summary>
    /// <param name="random">What it is made from.</param>
    /// <param name="value">Its value.</param>
    /// <param name="mayLackTime">Whether its timestamp may be null, as in an external file.</param>
    public static SentMessage Make(Random random, string value, bool mayLackTime = false)
    {
        ArgumentNullException.ThrowIfNull(random);
        long? time = mayLackTime && random.Next(8) == 0 ? null : SomeDay + (random.Next(-4, 5) * MicrosecondsPerDay / 2) + random.Next(3);
        int id = random.Next(6);
        return new SentMessage(value, new Message(
            time,
            EventTypes[random.Next(EventTypes.Length)],
            id < 3 ? $"m{id}" : new Guid(id, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]).ToString(),
            Channels[random.Next(Channels.Length)],
            random.Next(5) == 0 ? null : random.Next(1998, 2018),
            random.Next(4),
            time is { } micros ? (int)Math.Floor((decimal)micros / MicrosecondsPerDay) : int.MinValue));
    }

    /// <summary>The message as a line of NDJSON, with its line end.</summary>
    /// <param name="hasAttributes">Whether <see cref="SentAttributes"/> come with it.</param>
    /// <param name="ids">How its ids are written; null: as the numbers that they are.</param>
    public string ToNdjson(bool hasAttributes = false, SentIds? ids = null)
    {
        ids ??= SentIds.Numbers;
        var line = new StringBuilder();
        DateTime time = DateTime.UnixEpoch.AddMicroseconds(Fields.Timestamp!.Value);
        line.Append(CultureInfo.InvariantCulture, $"{{\"timestamp\":\"{time:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z\",\"value\":\"{Value}\"");
        line.Append(CultureInfo.InvariantCulture, $",\"event_type\":{Text(Fields.EventType)},\"message_id\":{Text(Fields.MessageId)},\"channel\":{Text(Fields.Channel)}");
        line.Append(CultureInfo.InvariantCulture, $",\"country_id\":{Id(ids.Country(Fields.CountryId))},\"user_id\":{Id(ids.User(Fields.UserId))}");
        line.Append(hasAttributes && SentAttributes.Of(Value) is { } attributes ? $",{attributes[1..]}\n" : "}\n");
        return line.ToString();
    }

    private static string Text(string? text) => text is null ? "null" : $"\"{text}\"";

    private static string Id(object? id) => id is string text ? Text(text) : id is null ? "null" : Convert.ToString(id, CultureInfo.InvariantCulture)!;
}
