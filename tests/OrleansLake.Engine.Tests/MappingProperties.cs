using System.Globalization;
using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Tests;

/// <summary>Random mappings and random records: none is lost, and a trial says what ingesting does.</summary>
public sealed class MappingProperties
{
    private static readonly string[] Names = ["ts", "id", "a", "b", "a.b", "0"];
    private static readonly string[] Formats = ["\"epoch-ms\"", "\"rfc3339\"", "[\"epoch-us\",\"rfc3339\"]", "\"receipt\"", "\"yyyy-MM-dd HH:mm:ss\""];

    [Theory]
    [InlineData("one.ndjson")]
    [InlineData("one.json")]
    [InlineData("one.csv")]
    public async Task Every_record_is_a_message_or_in_quarantine_as_the_trial_says(string name)
    {
        (long accepted, long rejected) = (0, 0);
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            string json = Mapping(random);
            Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(json), out MessageMapping? mapping, out string? error), error);
            byte[] text = Text(random, name);
            using var lake = new LakeUnderTest();
            IngestSummary summary;
            await using (Lake open = await lake.OpenAsync())
            {
                summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), new IngestOptions { Mapping = mapping });
            }

            TriedRecord[] tried;
            try
            {
                tried = [.. MappingTrial.Read(new MemoryStream(text), name, LakeTimeZone.Utc, new IngestOptions { Mapping = mapping })];
            }
            catch (InvalidDataException)
            {
                // A table that the mapping finds nothing in: refused by both.
                Assert.True(summary is { Accepted: 0, Rejected: 0, UnreadableFiles.Count: 1 }, json);
                continue;
            }

            Assert.True((summary.Accepted, summary.Rejected) == (tried.Sum(static one => one.Messages.Count), tried.Sum(static one => one.Rejections.Count)), $"seed {seed}: {json}");
            Assert.Empty(summary.UnreadableFiles);
            (accepted, rejected) = (accepted + summary.Accepted, rejected + summary.Rejected);
            IEnumerable<string> details = lake.Reader().Quarantine().Select(static entry => entry.Rejection.Detail);
            Assert.Equal(tried.SelectMany(static one => one.Rejections).Select(static one => one.Detail), details);
        }

        Assert.True(accepted > 20 && rejected > 20, $"{accepted} accepted, {rejected} rejected");
    }

    private static string Mapping(Random random)
    {
        var fields = new List<string>();
        foreach (MessageColumn column in MessageSchema.Columns)
        {
            bool isRequired = column == MessageSchema.Timestamp || column == MessageSchema.MessageId;
            string path = Path(random);
            string format = column == MessageSchema.Timestamp && random.Next(2) == 0 ? $",\"format\":{Formats[random.Next(Formats.Length)]}" : "";
            string otherwise = isRequired && random.Next(4) > 0 ? column == MessageSchema.Timestamp ? ",\"default\":\"receipt\"" : ",\"default\":\"d\"" : "";
            format += otherwise;
            string map = column != MessageSchema.Timestamp && random.Next(3) == 0 ? ",\"map\":{\"1\":\"2\",\"x\":null},\"otherwise\":\"keep\"" : "";
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
                fields.Add($"\"{column.Name}\":{how}");
            }
        }

        return $"{{\"fields\":{{{string.Join(',', fields)}}}}}";
    }

    private static string Path(Random random) => $"\"{string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Names[random.Next(Names.Length)]))}\"";

    private static byte[] Text(Random random, string name)
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
        $"{{{string.Join(',', Names.Where(_ => random.Next(3) > 0).Select(name => $"\"{name}\":{Scalar(random, depth)}"))}}}";

    private static string Scalar(Random random, int depth) => random.Next(depth > 0 ? 11 : 8) switch
    {
        0 => "null",
        1 => "true",
        2 => random.Next(3).ToString(CultureInfo.InvariantCulture),
        3 => "1734343260123",
        4 => "\"2024-12-16T10:01:00Z\"",
        5 => "\"x\"",
        6 => "\"\"",
        7 => "\"\\u00e9\\n\"",
        8 => Object(random, depth - 1),
        9 => $"[{Scalar(random, depth - 1)},{Scalar(random, depth - 1)}]",
        _ => System.Text.Json.JsonSerializer.Serialize(Object(random, depth - 1)),
    };
}
