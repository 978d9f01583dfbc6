using System.Text;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

public class MakingTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(60, 71);

    [Fact]
    public async Task The_time_zone_is_fixed_when_a_lake_is_made()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "Europe/Berlin" };
        await (await lake.OpenAsync()).DisposeAsync();
        lake.Options = lake.Options with { TimeZone = null };
        await using (Lake open = await lake.OpenAsync())
        {
            Assert.Equal("Europe/Berlin", open.TimeZone.Id);
            Assert.Equal("Europe/Berlin", lake.Reader().TimeZone.Id);
        }

        lake.Options = lake.Options with { TimeZone = "UTC" };
        Assert.Contains("Europe/Berlin", (await AssertRefused(lake, LakeFailure.Usage)).Message, StringComparison.Ordinal);
        lake.Options = lake.Options with { TimeZone = "Europe/Berlin" };
        await (await lake.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_time_zone_that_there_is_none_of_makes_no_lake()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "Mars/Olympus" };
        await AssertRefused(lake, LakeFailure.Usage);
        lake.Options = lake.Options with { TimeZone = null };
        await (await lake.OpenAsync()).DisposeAsync();
    }

    [Theory]
    [InlineData("countries.csv")]
    [InlineData("countries.parquet")]
    public async Task Countries_of_ones_own_are_joined_and_fixed(string name)
    {
        using var lake = new LakeUnderTest();
        byte[] bytes = name.EndsWith("csv", StringComparison.Ordinal)
            ? "country,country_id\n\"Ruritania, Upper\",7\nSyldavia,-3\n"u8.ToArray()
            : ExternalBronzeFile.Of([new("country", ParquetType.String), new("country_id", ParquetType.Int32)], ExternalBronzeFile.Texts("Ruritania, Upper", "Syldavia"), new Int32Data(new[] { 7, -3 }));
        lake.Options = lake.Options with { CountriesFile = lake.Scratch.Write(name, bytes) };
        await using (Lake open = await lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson([SentStreams.Of(0, country: 7), SentStreams.Of(1, country: -3), SentStreams.Of(2, country: 2000)]));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(["'Ruritania, Upper'", "'Syldavia'", "null"], SilverRows.Read(lake.Path).Select(row => row.Split('|')[9]));
        await (await lake.OpenAsync()).DisposeAsync();
        lake.Options = lake.Options with { CountriesFile = lake.Scratch.Write("others.csv", "country_id,country\n7,Elsewhere\n") };
        await AssertRefused(lake, LakeFailure.Usage);
        lake.Options = lake.Options with { CountriesFile = null };
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        Assert.Equal(["'Ruritania, Upper'", "'Syldavia'", "null"], SilverRows.Read(lake.Path).Select(row => row.Split('|')[9]));
    }

    [Theory]
    [InlineData("id,name\n1,X\n")]
    [InlineData("country_id,country\nx,Y\n")]
    [InlineData("country_id,country\n1,A\n1,B\n")]
    [InlineData("PAR1 but no Parquet PAR1")]
    public async Task Countries_that_cannot_be_read_make_no_lake(string text)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { CountriesFile = lake.Scratch.Write("countries", text) };
        await AssertRefused(lake, LakeFailure.Failed);
        Assert.False(File.Exists(lake["lake.json"]));
    }

    [Fact]
    public async Task A_Parquet_file_of_countries_without_their_columns_makes_no_lake()
    {
        using var lake = new LakeUnderTest();
        byte[] other = ExternalBronzeFile.Of([new("country", ParquetType.String)], ExternalBronzeFile.Texts("Ruritania"));
        lake.Options = lake.Options with { CountriesFile = lake.Scratch.Write("countries.parquet", other) };
        await AssertRefused(lake, LakeFailure.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_missing_or_empty_folder_becomes_a_lake_only_if_asked(bool isThere)
    {
        using var lake = new LakeUnderTest();
        if (isThere)
        {
            Directory.CreateDirectory(lake.Path);
        }

        lake.Options = lake.Options with { Create = false };
        await AssertRefused(lake, LakeFailure.Environment);
        Assert.Equal(isThere, Directory.Exists(lake.Path));
        lake.Options = lake.Options with { Create = true };
        await (await lake.OpenAsync()).DisposeAsync();
        lake.Options = lake.Options with { Create = false };
        await (await lake.OpenAsync()).DisposeAsync();
    }

    [Theory]
    [InlineData("notes.txt", AdoptKind.BronzeOnly)]
    [InlineData("sub/data.parquet", AdoptKind.ToReplay)]
    [InlineData("silver/messages/data/date=2024-01-01/x.parquet", AdoptKind.ToReplay)]
    public async Task A_folder_with_something_else_is_refused_and_left_alone(string file, AdoptKind adopt)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Adopt = adopt };
        lake.Scratch.Write("lake/" + file, "mine");
        Assert.Contains(file, (await AssertRefused(lake, LakeFailure.Environment)).Message, StringComparison.Ordinal);
        Assert.Equal([lake[file]], Directory.EnumerateFiles(lake.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_folder_of_bronze_is_adopted_by_who_asks_for_it()
    {
        using var lake = new LakeUnderTest();
        ExternalBronzeFile.Put(lake, "a.parquet", ExternalBronzeFile.Bytes(_sent));
        lake.Scratch.Write("lake/bronze/messages/checkpoint/offsets/0", "spark's");
        lake.Options = lake.Options with { Adopt = AdoptKind.No };
        await AssertRefused(lake, LakeFailure.Environment);
        Assert.False(File.Exists(lake["lake.json"]));
        lake.Options = lake.Options with { Adopt = AdoptKind.BronzeOnly };
        await lake.CatchUpAsync();
        lake.AssertHolds(_sent);
        Assert.True(File.Exists(lake["bronze/messages/checkpoint/offsets/0"]));
    }

    [Fact]
    public async Task Silver_and_gold_of_others_are_refused_by_a_run_and_replaced_by_a_replay()
    {
        using var lake = new LakeUnderTest();
        ExternalBronzeFile.Put(lake, "a.parquet", ExternalBronzeFile.Bytes(_sent));
        string[] theirs =
        [
            "silver/messages/data/date=2024-12-16/part-0.parquet", "silver/messages/data/date=2024-12-16/.part-0.parquet.crc",
            "silver/messages/data/part-1.parquet", "gold/report1/data/part-2.parquet", "gold/report1/data/.part-2.parquet.crc",
        ];
        foreach (string file in theirs)
        {
            lake.Scratch.Write("lake/" + file, "theirs");
        }

        lake.Scratch.Write("lake/gold/report1/data/_SUCCESS", "");
        await AssertRefused(lake, LakeFailure.Environment);
        lake.Options = lake.Options with { Adopt = AdoptKind.ToReplay };
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        lake.AssertHolds(_sent);
        Assert.All(theirs, file => Assert.False(File.Exists(lake[file]), file));
        Assert.True(File.Exists(lake["gold/report1/data/_SUCCESS"]));
        Assert.Equal(["report1.parquet"], Directory.GetFiles(lake["gold/report1/data"], "*.parquet").Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("countries.csv")]
    [InlineData("countries.csv.tmp")]
    public async Task A_start_that_was_cut_off_is_completed(string left)
    {
        using var lake = new LakeUnderTest();
        lake.Scratch.Write("lake/" + left, "country_id,country\n1,Half");
        lake.Scratch.Write("lake/bronze/messages/checkpoint/lake/lock", "123");
        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_sent));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
        Assert.StartsWith("country_id,country", await File.ReadAllTextAsync(lake["countries.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_owner_at_a_time_may_write()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            await Assert.ThrowsAsync<LakeInUseException>(lake.OpenAsync);
            await open.AppendAsync(SentMessage.Batch(_sent));
        }

        await lake.CatchUpAsync();
        lake.AssertHolds(_sent);
    }

    [Fact]
    public async Task Countries_of_a_lake_that_are_missing_are_damage()
    {
        using var lake = new LakeUnderTest();
        await (await lake.OpenAsync()).DisposeAsync();
        File.Delete(lake["countries.csv"]);
        await AssertRefused(lake, LakeFailure.Damaged);
        await File.WriteAllBytesAsync(lake["countries.csv"], Encoding.UTF8.GetBytes("nothing"));
        await AssertRefused(lake, LakeFailure.Damaged);
    }

    private static async Task<LakeException> AssertRefused(LakeUnderTest lake, LakeFailure failure)
    {
        LakeException refused = await Assert.ThrowsAsync<LakeException>(lake.OpenAsync);
        Assert.Equal(failure, refused.Failure);
        return refused;
    }

    [Fact]
    public async Task A_folder_or_countries_file_that_cannot_be_used_is_named_with_its_setting()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("file", "text");
        foreach ((LakeOptions options, string named) in ((LakeOptions, string)[])
            [
                (new LakeOptions { Path = scratch["a"], Create = true, CountriesFile = scratch["none.csv"] }, "none.csv cannot be read: there is no such file"),
                (new LakeOptions { Path = scratch["a"], Create = true, CountriesFile = scratch["no/none.csv"] }, "none.csv cannot be read: there is no such file"),
                (new LakeOptions { Path = scratch["a"], Create = true, CountriesFile = scratch[""] }, "it is a folder; name another with --countries (in an application OrleansLake:CountriesFile)"),
                (new LakeOptions { Path = file, Create = true }, "file is a file; name a folder with --lake (in an application OrleansLake:Path)"),
                (new LakeOptions { Path = Path.Combine(file, "lake"), Create = true }, "cannot be made"),
            ])
        {
            LakeException failure = await Assert.ThrowsAsync<LakeException>(() => Lake.OpenAsync(options));
            Assert.Equal(LakeFailure.Environment, failure.Failure);
            Assert.Contains(named, failure.Message, StringComparison.Ordinal);
            Assert.Null(failure.InnerException);
        }
    }
}
