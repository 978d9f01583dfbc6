using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>Messages to send, and the same as the oracle sees them.</summary>
internal static class TestMessages
{
    private static readonly string[] Channels = ["CHAT", "EMAIL", "OTHER", "PUSH", "SMS"];
    private static readonly string?[] EventTypes = ["CLICKED", "CREATED", "OPEN", "RECEIVED", "SENT", null, "", "NONE"];

    /// <summary>A message at an instant.</summary>
    internal static Message At(string time, string messageId, string channel, string? eventType, int userId = 1001)
    {
        DateTimeOffset instant = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        long micros = (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return new Message(micros, eventType, messageId, channel, 2001, userId, DayOf(micros));
    }

    /// <summary>Messages with duplicates, late ones and corrupted ones, over four days.</summary>
    internal static Message[] Mixed(int seed, int count)
    {
        var random = new Random(seed);
        long start = (new DateTimeOffset(2024, 12, 16, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                long micros = start + random.NextInt64(4L * 24 * 3600 * 1_000_000);
                return new Message(
                    micros, EventTypes[random.Next(EventTypes.Length)], $"m-{random.Next(Math.Max(1, count / 4))}", Channels[random.Next(Channels.Length)],
                    2000 + random.Next(16), 1000 + random.Next(25), DayOf(micros));
            }),
        ];
    }

    /// <summary>A body to post.</summary>
    internal static byte[] Ndjson(IEnumerable<Message> messages)
    {
        var text = new StringBuilder();
        foreach (Message message in messages)
        {
            text.Append(JsonSerializer.Serialize(new
            {
                timestamp = DateTimeOffset.UnixEpoch.AddTicks(message.Timestamp!.Value * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                value = "1",
                event_type = message.EventType,
                message_id = message.MessageId,
                channel = message.Channel,
                country_id = message.CountryId,
                user_id = message.UserId,
            })).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static int DayOf(long micros) => (int)Math.Floor(micros / 86_400_000_000d);
}
