using System.Buffers;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Crash.Tests;

/// <summary>The contents of a lake's files, read by folder as any program reads them: silver in bronze order, and both reports.</summary>
internal sealed class LakeContents
{
    private const int NoDay = int.MinValue;
    private const long MicrosecondsPerDay = 86_400_000_000;

    private LakeContents(List<SentMessage> messages) => Messages = messages;

    /// <summary>Every message by its bronze offset, from 0, without a gap.</summary>
    public List<SentMessage> Messages { get; }

    /// <summary>The raw bytes of what was rejected, as text, in order.</summary>
    public List<string> Quarantine { get; private init; } = [];

    /// <summary>The reports by name, as NDJSON.</summary>
    public Dictionary<string, string> Reports { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a lake that no process writes to.</summary>
    /// <param name="lake">Its folder.</param>
    /// <param name="ids">How its ids were written: the messages get their numbers.</param>
    public static LakeContents Read(string lake, SentIds ids)
    {
        var rows = new SortedDictionary<long, SentMessage>();
        foreach (string table in (string[])["messages", "messages_corrupted"])
        {
            string folder = Path.Combine(lake, "silver", table, "data");
            foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories) : [])
            {
                ReadSilver(file, table == "messages_corrupted", ids, rows);
            }
        }

        LakeReader reader = LakeReader.Open(lake);
        Assert.Equal(rows.Count, reader.Ledger.Total.Bronze);
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(offset => (long)offset), rows.Keys);
        var contents = new LakeContents([.. rows.Values])
        {
            Quarantine = [.. reader.Quarantine().Select(entry => Encoding.UTF8.GetString(entry.Rejection.Raw).TrimEnd('\n'))],
        };
        Assert.Equal(contents.Quarantine.Count, reader.Ledger.Total.Rejected);
        foreach (ReportDefinition report in LakeReports.All)
        {
            var text = new ArrayBufferWriter<byte>();
            reader.Report(report.Name).WriteNdjson(text);
            contents.Reports[report.Name] = Encoding.UTF8.GetString(text.WrittenSpan);
        }

        return contents;
    }

    private static void ReadSilver(string path, bool isCorrupted, SentIds ids, SortedDictionary<long, SentMessage> rows)
    {
        string date = Path.GetFileName(Path.GetDirectoryName(path)!)["date=".Length..];
        using ParquetReader reader = ParquetReader.Open(path);
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            Int64Buffer timestamps = new(), offsets = new();
            BytesBuffer values = new(), eventTypes = new(), messageIds = new(), channels = new();
            reader.Read(group, "timestamp", timestamps);
            reader.Read(group, "value", values);
            reader.Read(group, "event_type", eventTypes);
            reader.Read(group, "message_id", messageIds);
            reader.Read(group, "channel", channels);
            Func<int, int?> countries = NumbersOf(reader, group, "country_id", ids.CountryType);
            Func<int, int?> users = NumbersOf(reader, group, "user_id", ids.UserType);
            reader.Read(group, "bronze_offset", offsets);
            for (int row = 0; row < offsets.Count; row++)
            {
                long? time = Number(timestamps, row);
                var message = new SentMessage(Text(values, row)!, new Message(
                    time, Text(eventTypes, row), Text(messageIds, row), Text(channels, row), countries(row), users(row),
                    time is { } micros ? (int)Math.Floor((decimal)micros / MicrosecondsPerDay) : NoDay));
                Assert.Equal(Oracle.IsCorrupted(message.Fields), isCorrupted);
                Assert.Equal(Oracle.Date(message.Fields) ?? LakePaths.DefaultDate, date);
                Assert.True(rows.TryAdd(offsets.Values[row], message), $"offset {offsets.Values[row]} is in silver twice");
            }
        }
    }

    // What a column of ids has for a row, as the number that was sent.
    private static Func<int, int?> NumbersOf(ParquetReader reader, int group, string column, string type)
    {
        if (type == "text")
        {
            var texts = new BytesBuffer();
            reader.Read(group, column, texts);
            return row => Text(texts, row) is { } text ? SentIds.NumberOf(text) : null;
        }

        if (type == "int64")
        {
            var longs = new Int64Buffer();
            reader.Read(group, column, longs);
            return row => Number(longs, row) is { } id ? SentIds.NumberOf(id) : null;
        }

        var numbers = new Int32Buffer();
        reader.Read(group, column, numbers);
        return row => Number(numbers, row);
    }

    private static string? Text(BytesBuffer buffer, int row) => buffer.IsNull(row) ? null : Encoding.UTF8.GetString(buffer[row]);

    private static T? Number<T>(ValueBuffer<T> buffer, int row)
        where T : unmanaged => buffer.IsNull(row) ? null : buffer.Values[row];
}
