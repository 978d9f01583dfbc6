using System.Globalization;
using System.Text;

namespace OrleansLake.Cluster.Benchmarks;

/// <summary>Bodies of NDJSON as a platform sends them: ids are UUIDs, five event types, five channels, 200,000 users, seven dates.</summary>
internal static class MessageBodies
{
    internal const int LinesPerBody = 2_000;

    private static readonly string[] EventTypes = ["CREATED", "SENT", "RECEIVED", "OPEN", "CLICKED"];
    private static readonly string[] Channels = ["CHAT", "EMAIL", "SMS", "PUSH", "OTHER"];

    /// <param name="messages">How many messages.</param>
    /// <param name="seed">The same seed gives the same ids: keys that are known already.</param>
    /// <param name="minutesEarlier">How much earlier they are than with 0: earlier copies take the place of what counted.</param>
    internal static IReadOnlyList<byte[]> Of(int messages, int seed, int minutesEarlier = 0)
    {
        var random = new Random(seed);
        var start = new DateTime(2024, 12, 16, 0, 0, 0, DateTimeKind.Utc);
        var bodies = new List<byte[]>();
        var text = new StringBuilder();
        Span<byte> id = stackalloc byte[16];
        for (int i = 0; i < messages; i++)
        {
            random.NextBytes(id);
            int kind = random.Next(25);
            DateTime time = start.AddSeconds(random.Next(7 * 86_400)).AddMinutes(-minutesEarlier);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{{\"timestamp\":\"{time:yyyy-MM-dd'T'HH:mm:ss'Z'}\",\"value\":\"v{i % 100}\",\"event_type\":\"{EventTypes[kind % 5]}\",\"message_id\":\"{new Guid(id)}\",\"channel\":\"{Channels[kind / 5]}\",\"country_id\":{2000 + (i % 16)},\"user_id\":{random.Next(200_000)}}}\n");
            if ((i + 1) % LinesPerBody == 0 || i + 1 == messages)
            {
                bodies.Add(Encoding.UTF8.GetBytes(text.ToString()));
                text.Clear();
            }
        }

        return bodies;
    }
}
