using System.Buffers.Text;
using System.Text;
using OrleansLake.Parquet;

namespace OrleansLake.Benchmarks.Parquet;

/// <summary>Silver rows made from a seed: the message, its country and its place in bronze.</summary>
internal static class SilverRows
{
    private const int IdBytes = 36;
    private static readonly string[] Events = ["OPEN", "RECEIVED", "SENT", "CREATED", "CLICKED"];
    private static readonly string[] Channels = ["CHAT", "EMAIL", "SMS", "PUSH", "OTHER"];
    private static readonly string[] Countries =
    [
        "Brazil", "Portugal", "Spain", "Germany", "France", "Italy", "United Kingdom", "United States",
        "Canada", "Australia", "Japan", "China", "India", "South Korea", "Russia", "Argentina",
    ];

    public static ParquetSchema Schema { get; } = new(
        new ParquetField("timestamp", ParquetType.TimestampMicros),
        new ParquetField("value", ParquetType.String),
        new ParquetField("event_type", ParquetType.String),
        new ParquetField("message_id", ParquetType.String),
        new ParquetField("channel", ParquetType.String),
        new ParquetField("country_id", ParquetType.Int32),
        new ParquetField("user_id", ParquetType.Int32),
        new ParquetField("country", ParquetType.String),
        new ParquetField("bronze_offset", ParquetType.Int64));

    public static ColumnData[] Make(int rows, int start)
    {
        var random = new Random(start);
        long[] timestamps = new long[rows];
        long[] places = new long[rows];
        int[] countryIds = new int[rows];
        int[] users = new int[rows];
        int[] events = new int[rows];
        int[] channels = new int[rows];
        int[] countries = new int[rows];
        byte[] ids = new byte[IdBytes * rows];
        int[] idOffsets = new int[rows + 1];
        byte[] values = new byte[10 * rows];
        int[] valueOffsets = new int[rows + 1];
        byte[] raw = new byte[16];
        for (int i = 0; i < rows; i++)
        {
            timestamps[i] = 1_734_307_200_000_000 + ((start + i) * 17_000L) + random.Next(5_000_000);
            places[i] = start + i;
            countries[i] = random.Next(Countries.Length);
            countryIds[i] = 2000 + countries[i];
            users[i] = random.Next(100_000);
            events[i] = random.Next(Events.Length);
            channels[i] = random.Next(Channels.Length);
            random.NextBytes(raw);
            Utf8Formatter.TryFormat(new Guid(raw), ids.AsSpan(IdBytes * i), out _);
            idOffsets[i + 1] = IdBytes * (i + 1);
            Utf8Formatter.TryFormat(random.Next(1_000_000), values.AsSpan(valueOffsets[i]), out int written);
            valueOffsets[i + 1] = valueOffsets[i] + written;
        }

        return
        [
            new Int64Data(timestamps),
            new BytesData(values.AsMemory(0, valueOffsets[rows]), valueOffsets),
            Coded(Events, events),
            new BytesData(ids, idOffsets),
            Coded(Channels, channels),
            new Int32Data(countryIds),
            new Int32Data(users),
            Coded(Countries, countries),
            new Int64Data(places),
        ];
    }

    private static BytesData Coded(string[] entries, int[] codes)
    {
        int[] offsets = new int[entries.Length + 1];
        for (int i = 0; i < entries.Length; i++)
        {
            offsets[i + 1] = offsets[i] + entries[i].Length;
        }

        return BytesData.OfDictionary(Encoding.ASCII.GetBytes(string.Concat(entries)), offsets, codes);
    }
}
