using System.Globalization;
using System.Text;
using OrleansLake.Parquet;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Tests;

/// <summary>The rows of silver as a reader by folder sees them, each as one text, in bronze order.</summary>
internal static class SilverRows
{
    internal static string[] Read(string lake)
    {
        var rows = new List<(long Offset, string Text)>();
        foreach (string table in (string[])["messages", "messages_corrupted"])
        {
            string folder = Path.Combine(lake, "silver", table, "data");
            if (Directory.Exists(folder))
            {
                foreach (string file in Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories))
                {
                    Read(table, file, rows);
                }
            }
        }

        return [.. rows.OrderBy(row => row.Offset).Select(row => row.Text)];
    }

    internal static string Text(
        string table, string? date, long? timestamp, string? value, string? eventType, string? id, string? channel, int? country, int? user, string? countryName, long offset) =>
        string.Join('|', [table, date ?? LakePaths.DefaultDate, .. new object?[] { timestamp, value, eventType, id, channel, country, user, countryName, offset }.Select(Cell)]);

    private static string Cell(object? value) => value is null ? "null" : value is string text ? $"'{text}'" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static void Read(string table, string path, List<(long Offset, string Text)> rows)
    {
        string folder = Path.GetFileName(Path.GetDirectoryName(path)!);
        string date = folder["date=".Length..];
        using ParquetReader reader = ParquetReader.Open(path);
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            Int64Buffer timestamps = new(), offsets = new();
            BytesBuffer values = new(), eventTypes = new(), ids = new(), channels = new(), countries = new();
            Int32Buffer countryIds = new(), users = new();
            reader.Read(group, "timestamp", timestamps);
            reader.Read(group, "value", values);
            reader.Read(group, "event_type", eventTypes);
            reader.Read(group, "message_id", ids);
            reader.Read(group, "channel", channels);
            reader.Read(group, "country_id", countryIds);
            reader.Read(group, "user_id", users);
            reader.Read(group, "country", countries);
            reader.Read(group, "bronze_offset", offsets);
            for (int row = 0; row < offsets.Count; row++)
            {
                rows.Add((offsets.Values[row], Text(
                    table, date == LakePaths.DefaultDate ? null : date, Number(timestamps, row), TextOf(values, row), TextOf(eventTypes, row), TextOf(ids, row),
                    TextOf(channels, row), Number(countryIds, row), Number(users, row), TextOf(countries, row), offsets.Values[row])));
            }
        }
    }

    private static string? TextOf(BytesBuffer buffer, int row) => buffer.IsNull(row) ? null : Encoding.UTF8.GetString(buffer[row]);

    private static T? Number<T>(ValueBuffer<T> buffer, int row)
        where T : unmanaged => buffer.IsNull(row) ? null : buffer.Values[row];
}
