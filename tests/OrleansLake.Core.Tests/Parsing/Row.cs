using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>A message's fields as the tests compare them.</summary>
internal sealed record Row(
    long? Timestamp, string? Value, string? EventType, string? MessageId, string? Channel, int? CountryId, int? UserId)
{
    public static List<Row> Of(MessageBatch batch)
    {
        Assert.Equal(batch.Count, batch.Timestamps.Count);
        Assert.Equal(batch.Count, batch.Values.Count);
        Assert.Equal(batch.Count, batch.EventTypes.Count);
        Assert.Equal(batch.Count, batch.MessageIds.Count);
        Assert.Equal(batch.Count, batch.Channels.Count);
        Assert.Equal(batch.Count, batch.CountryIds.Count);
        var rows = new List<Row>();
        for (int row = 0; row < batch.Count; row++)
        {
            byte[] id = new byte[batch.MessageIds.TextLength(row)];
            batch.MessageIds.CopyText(row, id);
            rows.Add(new Row(
                batch.Timestamps.IsNull(row) ? null : batch.Timestamps.Values[row],
                batch.Values.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Values[row]),
                batch.EventTypes.IsNull(row) ? null : Encoding.UTF8.GetString(batch.EventTypes[row]),
                Encoding.UTF8.GetString(id),
                batch.Channels.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Channels[row]),
                batch.CountryIds.IsNull(row) ? null : batch.CountryIds.Values[row],
                batch.UserIds.IsNull(row) ? null : batch.UserIds.Values[row]));
        }

        return rows;
    }

    public static string Time(long micros) =>
        DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
