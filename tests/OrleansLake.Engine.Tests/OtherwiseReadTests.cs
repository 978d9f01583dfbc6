namespace OrleansLake.Engine.Tests;

/// <summary>Files that were ingested as what they are not, and are named again as what they are.</summary>
public class OtherwiseReadTests
{
    private const string Pretty = "[\n{\n\"timestamp\":\"2024-12-16T10:01:00Z\",\n\"message_id\":\"m1\"\n},\n{\n\"message_id\":\"m2\"\n}\n]\n";
    private const string Table = "timestamp,message_id\n2024-12-16T10:01:00Z,m1\n";

    [Theory]
    [InlineData("r.json", Pretty, IngestFormat.Ndjson, IngestFormat.Json, "none of its 9 records was a message then; --again ingests it as JSON")]
    [InlineData("r.json.gz", Pretty, IngestFormat.Ndjson, IngestFormat.Json, "none of its 9 records was a message then; --again ingests it as JSON")]
    [InlineData("t.csv", Table, IngestFormat.Ndjson, IngestFormat.Csv, "none of its 2 records was a message then; --again ingests it as CSV", 3)]
    [InlineData("t.txt", Table, IngestFormat.Json, IngestFormat.Csv, "was a message then; --again ingests it as CSV", 3)]
    public async Task A_file_that_has_messages_as_another_format_is_not_done(string name, string text, IngestFormat wrong, IngestFormat right, string says, int partitions = 1)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Partitions = partitions };
        await using Lake open = await lake.OpenAsync();
        var file = new IngestFile(name.EndsWith(".gz", StringComparison.Ordinal) ? lake.Scratch.Write(name, Packed.Gzip(text)) : lake.Scratch.Write(name, text));
        IngestSummary first = await open.IngestAsync(file, new IngestOptions { Format = wrong });
        Assert.Equal(0, first.Accepted);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        for (int i = 0; i < 2; i++)
        {
            IngestSummary told = await open.IngestAsync(file, new IngestOptions { Format = right });
            Assert.Equal((true, 0L, first.Rejected), (told.Skipped, told.Accepted, told.Rejected));
            Assert.StartsWith($"{name} was ingested before, but read otherwise: ", told.SkippedBecause, StringComparison.Ordinal);
            Assert.EndsWith(says, told.SkippedBecause, StringComparison.Ordinal);
        }

        // As what it was then, there is nothing to tell.
        IngestSummary same = await open.IngestAsync(file, new IngestOptions { Format = wrong });
        Assert.Equal((true, 0L), (same.Skipped, same.Rejected));
        Assert.Equal(1, (await open.IngestAsync(file, new IngestOptions { Format = right, Again = true })).Accepted);
        IngestSummary done = await open.IngestAsync(file, new IngestOptions { Format = right });
        Assert.Equal((true, 0L), (done.Skipped, done.Rejected));
    }

    [Fact]
    public async Task A_file_of_which_a_part_was_rejected_for_its_own_sake_is_done()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        foreach ((string name, string text, IngestFormat format) in ((string, string, IngestFormat)[])
        [
            ("a.ndjson", "{\"timestamp\":\"2024-12-16T10:01:00Z\",\"message_id\":\"m1\"}\n{\"message_id\":\"m2\"}\n", IngestFormat.Ndjson),
            ("b.ndjson", "{\"message_id\":\"m2\"}\n{\"timestamp\":\"2024-12-16T10:01:00Z\",\"message_id\":\"m1\"}\n", IngestFormat.Json),
            ("a.json", Pretty, IngestFormat.Json),
            ("a.csv", Table + "soon,m2\n", IngestFormat.Csv),
        ])
        {
            var file = new IngestFile(lake.Scratch.Write(name, text));
            Assert.Equal((1L, 1L), ((await open.IngestAsync(file, LakeUnderTest.Plain)) is var first ? first.Accepted : 0, first.Rejected));
            IngestSummary again = await open.IngestAsync(file, new IngestOptions { Format = format });
            Assert.Equal((true, 0L), (again.Skipped, again.Rejected));
        }

        // Several objects of a line are one record; and another file of the name had the same one in the same place.
        foreach (string end in (string[])["", " "])
        {
            const string One = "{\"timestamp\":\"2024-12-16T10:01:00Z\",\"message_id\":\"m3\"}";
            var file = new IngestFile(lake.Scratch.Write("c.ndjson", $"{{\"message_id\":\"m2\"}}\n{One}{One}{One}{end}\n"));
            Assert.Equal(3, (await open.IngestAsync(file, LakeUnderTest.Plain)).Accepted);
            foreach (IngestFormat format in (IngestFormat[])[IngestFormat.Ndjson, IngestFormat.Json])
            {
                IngestSummary again = await open.IngestAsync(file, new IngestOptions { Format = format });
                Assert.Equal((true, 0L), (again.Skipped, again.Rejected));
            }
        }
    }
}
