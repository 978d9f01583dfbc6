using OrleansLake.Parquet;

namespace OrleansLake.Engine.Tests;

/// <summary>A source's fields that no column takes are named once, with their values.</summary>
public class LeftOutTests
{
    private const string Line = """{"timestamp":"2024-12-16T10:01:00Z","value":"v","event_type":"SENT","message_id":"a","channel":"SMS","country_id":1,"user_id":2""";

    [Theory]
    [InlineData("events.ndjson", Line + ""","plan":"gold","campaign":{"id":5}}""" + "\n" + Line + ""","plan":"x"}""" + "\n", "plan, campaign.id (3 values)")]
    [InlineData("events.json", "[" + Line + ""","plan":"gold"},""" + "\n" + Line + ""","x":1}]""", "plan, x (2 values)")]
    [InlineData("events.tsv", "timestamp\tmessage_id\tplan\tx\n2024-12-16T10:01:00Z\ta\tgold\t\n2024-12-16T10:01:00Z\tb\t\t5\n", "plan, x (2 values)")]
    public async Task Fields_are_named_once_for_a_source(string name, string text, string fields)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), LakeUnderTest.Plain);
        Assert.Equal($"{name}: 2 fields are in no column: {fields}; keep them by lake column keep attributes.", summary.Notes[^1]);
        Assert.Equal(["plan", fields.Contains("campaign", StringComparison.Ordinal) ? "campaign.id" : "x"], summary.LeftOut.Keys);
    }

    [Fact]
    public async Task A_source_whose_fields_all_have_columns_is_not_noted()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("events.ndjson", Line + "}\n" + Line + ""","plan":null}""" + "\n")), LakeUnderTest.Plain);
        Assert.Empty(summary.Notes);
        Assert.Empty(summary.LeftOut);
    }

    [Fact]
    public async Task Columns_of_Parquet_files_are_named_once_for_a_folder()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        string folder = Path.GetDirectoryName(lake.Scratch.Write("files/a.parquet", File("a")))!;
        lake.Scratch.Write("files/b.parquet", File("b"));
        IngestSummary summary = await open.IngestAsync(new IngestFolder(folder), LakeUnderTest.Plain);
        Assert.Contains(summary.Notes, note => note.EndsWith("a.parquet and 1 other: 1 field is in no column: plan (2 values); keep them by lake column keep attributes.", StringComparison.Ordinal));
    }

    private static byte[] File(string id) => ExternalBronzeFile.Of(
        [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("plan", ParquetType.String)],
        new Int64Data(new long[] { 1, 2 }), ExternalBronzeFile.Texts([$"{id}1", $"{id}2"]), ExternalBronzeFile.Texts(["gold", null]));
}
