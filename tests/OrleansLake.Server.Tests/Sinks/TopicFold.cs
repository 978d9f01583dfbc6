using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using OrleansLake.Contracts;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>A topic as its readers fold it.</summary>
internal static class TopicFold
{
    /// <summary>Returns, by key, the row that has the highest version; without one: it is gone.</summary>
    internal static Dictionary<string, (long Epoch, long Step, JsonElement? Row)> Of(KafkaCluster kafka, string topic)
    {
        var rows = new Dictionary<string, (long Epoch, long Step, JsonElement? Row)>(StringComparer.Ordinal);
        foreach (Message<byte[], byte[]?> record in kafka.Read(topic))
        {
            string key = Encoding.UTF8.GetString(record.Key);
            (long epoch, long step) = (Number(record, "epoch"), Number(record, "step"));
            if (!rows.TryGetValue(key, out (long Epoch, long Step, JsonElement? Row) known) || (epoch, step).CompareTo((known.Epoch, known.Step)) > 0)
            {
                rows[key] = (epoch, step, record.Value is null ? null : JsonDocument.Parse(record.Value).RootElement.GetProperty("row"));
            }
        }

        return rows;
    }

    /// <summary>Returns the rows that are there.</summary>
    internal static IEnumerable<JsonElement> RowsOf(KafkaCluster kafka, string topic) => Of(kafka, topic).Values.Where(static row => row.Row is not null).Select(static row => row.Row!.Value);

    private static long Number(Message<byte[], byte[]?> record, string header) => long.Parse(Encoding.UTF8.GetString(record.Headers.GetLastBytes(header)), CultureInfo.InvariantCulture);
}
