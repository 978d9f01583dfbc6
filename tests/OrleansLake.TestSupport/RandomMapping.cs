using System.Globalization;
using System.Text;

namespace OrleansLake.TestSupport;

/// <summary>Random mappings, and random records of which a part fits them.</summary>
public static class RandomMapping
{
    private static readonly string[] Names = ["ts", "id", "a", "b", "a.b", "0"];
    private static readonly string[] Formats = ["\"epoch-ms\"", "\"rfc3339\"", "[\"epoch-us\",\"rfc3339\"]", "\"receipt\"", "\"yyyy-MM-dd HH:mm:ss\""];

    /// <summary>Makes a mapping's file.</summary>
    public static string Json(Random random)
    {
        var fields = new List<string>();
        foreach (string column in (string[])["timestamp", "value", "event_type", "message_id", "channel", "country_id", "user_id"])
        {
            bool isTimestamp = column == "timestamp";
            bool isRequired = isTimestamp || column == "message_id";
            string path = Path(random);
            string format = isTimestamp && random.Next(2) == 0 ? $",\"format\":{Formats[random.Next(Formats.Length)]}" : "";
            string otherwise = isRequired && random.Next(4) > 0 ? isTimestamp ? ",\"default\":\"receipt\"" : ",\"default\":\"d\"" : "";
            format += otherwise;
            string map = !isTimestamp && random.Next(3) == 0 ? ",\"map\":{\"1\":\"2\",\"x\":null},\"otherwise\":\"keep\"" : "";
            string? how = random.Next(isRequired ? 4 : 7) switch
            {
                0 => $"{{\"from\":[{path},{Path(random)}]{format}{map}}}",
                1 => $"{{\"join\":[{path},{Path(random)}],\"separator\":\"-\"{format}{map}}}",
                2 or 3 => $"{{\"from\":{path}{format}{map}}}",
                4 => "null",
                5 => "{\"constant\":7}",
                _ => null,
            };
            if (how is not null)
            {
                fields.Add($"\"{column}\":{how}");
            }
        }

        return $"{{\"fields\":{{{string.Join(',', fields)}}}}}";
    }

    private static string Path(Random random) => $"\"{string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Names[random.Next(Names.Length)]))}\"";

    /// <summary>Makes records, as a file of that name has them.</summary>
    public static byte[] Records(Random random, string name)
    {
        int count = random.Next(1, 60);
        if (name.EndsWith(".csv", StringComparison.Ordinal))
        {
            string[] columns = [.. Names.Where(_ => random.Next(4) > 0).DefaultIfEmpty("ts")];
            IEnumerable<string> rows = Enumerable.Range(0, count).Select(_ => string.Join(',', columns.Select(_ => $"\"{Scalar(random, depth: 2).Trim('"').Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
            return Encoding.UTF8.GetBytes(string.Concat(rows.Prepend(string.Join(',', columns)).Select(static row => row + "\n")));
        }

        IEnumerable<string> records = Enumerable.Range(0, count).Select(_ => Object(random, 3));
        return Encoding.UTF8.GetBytes(name.EndsWith(".json", StringComparison.Ordinal) ? $"[{string.Join(",\n", records)}]" : string.Concat(records.Select(static one => one + "\n")));
    }

    private static string Object(Random random, int depth) =>
        $"{{{string.Join(random.Next(3) == 0 ? ", " : ",", Names.Where(_ => random.Next(3) > 0).Select(name => $"\"{name}\":{Blank(random)}{Scalar(random, depth)}"))}}}";

    private static string Blank(Random random) => random.Next(4) switch { 0 => " ", 1 when random.Next(9) == 0 => "\t", _ => "" };

    private static string Scalar(Random random, int depth) => random.Next(depth > 0 ? 13 : 10) switch
    {
        0 => "null",
        1 => "true",
        2 => random.Next(3).ToString(CultureInfo.InvariantCulture),
        3 => "1734343260123",
        4 => "\"2024-12-16T10:01:00Z\"",
        5 => "\"x\"",
        6 => "\"\"",
        7 => "\"\\u00e9\\n\"",
        8 => (string[])["-7", "0", "-0", "1.50", "1e3", "2147483647", "-2147483648", "2147483648", "12345678901234567890123", "false"] is var numbers ? numbers[random.Next(numbers.Length)] : "",
        9 => "\"9c84dc3a-ae97-4406-b5dd-d06e56dbe9c0\"",
        10 => Object(random, depth - 1),
        11 => $"[{Scalar(random, depth - 1)},{Scalar(random, depth - 1)}]",
        _ => System.Text.Json.JsonSerializer.Serialize(Object(random, depth - 1)),
    };
}
