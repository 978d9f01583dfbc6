using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Files that cannot be read, handed to ingest and found in the bronze folder by run.</summary>
public class BadFileTests
{
    private static readonly string[] Unreadable =
    [
        "bad-truncated.parquet", "bad-no-footer.parquet", "bad-footer-garbage.parquet", "bad-footer-length.parquet",
        "bad-page-crc.parquet", "bad-encrypted.parquet", "arrow-wrong-type.parquet",
    ];

    public static TheoryData<string> Handed => new(Unreadable);

    public static TheoryData<string> Found => new([.. Unreadable, "bad-empty.parquet", "bad-not-parquet.parquet", "noise.parquet"]);

    [Theory]
    [MemberData(nameof(Handed))]
    public void Ingest_refuses_it_whole_and_takes_the_rest(string name)
    {
        using var lake = new LakeUnderTest();
        var result = lake.Expect(1, "ingest", Fixtures.Path($"foreign-parquet/{name}"), Fixtures.Path("foreign-parquet/arrow-snappy.parquet"), "--run");

        Assert.Contains(name, result.Error, StringComparison.Ordinal);
        Assert.Equal(700, lake.Ledger().Bronze);
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void Run_refuses_it_whole_and_takes_the_rest(string name)
    {
        using var lake = new LakeUnderTest();
        if (name == "noise.parquet")
        {
            var noise = new byte[10_000];
            new Random(7).NextBytes(noise);
            lake.Scratch.Write($"lake/bronze/messages/data/{name}", noise);
        }
        else
        {
            lake.Scratch.Write($"lake/bronze/messages/data/{name}", File.ReadAllBytes(Fixtures.Path($"foreign-parquet/{name}")));
        }

        lake.Scratch.Write("lake/bronze/messages/data/good.parquet", File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet")));
        lake.Scratch.Write("lake/bronze/messages/data/_SUCCESS", "");

        var result = lake.Expect(1, "run", "--until-caught-up", "--trigger", "100ms");

        Assert.Contains(name, result.Error, StringComparison.Ordinal);
        Assert.Equal(700, lake.Ledger().Bronze);
        Assert.Contains($"bronze/messages/data/{name} was not ingested: ", lake.Expect(0, "check").Error, StringComparison.Ordinal);

        // As long as it is there, each run names it, with the same exit code; and in each format it is reported in the same words.
        var again = lake.Expect(1, "run", "--until-caught-up");
        Assert.Contains($"bronze/messages/data/{name} was not ingested: ", again.Error, StringComparison.Ordinal);
        string reason = JsonDocument.Parse(lake.Ok("bronze", "list", "--format", "ndjson").Output.Split('\n').Single(line => line.Contains("refused", StringComparison.Ordinal))).RootElement.GetProperty("reason").GetString()!;
        Assert.DoesNotContain(name, reason, StringComparison.Ordinal);
        Assert.Contains(reason.Replace("\"", "\"\"", StringComparison.Ordinal), lake.Ok("bronze", "list", "--format", "csv").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var lake = new LakeUnderTest();
        var result = lake.Expect(5, "ingest", lake.Scratch["nowhere.ndjson"]);
        Assert.Contains("nowhere.ndjson", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_that_is_cut_off_is_named_and_what_was_whole_is_taken()
    {
        using var lake = new LakeUnderTest();
        var whole = File.ReadAllBytes(Golden.EventsFile);
        var file = lake.Scratch.Write("cut.ndjson.gz", whole.AsSpan(0, whole.Length / 2));

        var result = lake.Expect(1, "ingest", file, Fixtures.Path("foreign-parquet/arrow-snappy.parquet"), "--run");

        Assert.Contains("cut.ndjson.gz", result.Error, StringComparison.Ordinal);
        Assert.InRange(lake.Ledger().Bronze, 700, Golden.Count + 699);
    }
}
