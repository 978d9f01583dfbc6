using OrleansLake.Parquet;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Log;

namespace OrleansLake.Engine.Tests;

/// <summary>Columns in the paths of files that ingest is given, in their values and in what makes a file the same.</summary>
public class HiveFoldersTests
{
    private static readonly byte[] _file = ExternalBronzeFile.Of(
        [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("event_type", ParquetType.String)],
        new Int64Data(new[] { 1L, 2L }), ExternalBronzeFile.Texts("1", "2"), ExternalBronzeFile.Texts("SENT", "OPEN"));

    [Fact]
    public async Task Files_of_one_name_in_many_folders_are_many_files_with_their_columns_however_they_are_named()
    {
        using var lake = new LakeUnderTest();
        string[] channels = ["SMS", "A%2FB", "__HIVE_DEFAULT_PARTITION__"];
        string[] paths = [.. channels.Select(channel => lake.Scratch.Write($"d/date=2024-12-16/channel={channel}/user_id=7/p.parquet", _file))];
        await using (Lake open = await lake.OpenAsync())
        {
            foreach (string path in paths)
            {
                Assert.Equal((2L, false), await Take(open, new IngestFile(path)));
            }

            // Named in other ways they are the same.
            Assert.Equal((0L, true), await Take(open, new IngestFile(Path.GetRelativePath(Environment.CurrentDirectory, paths[1]))));
            Assert.Equal((0L, true), await Take(open, new IngestFolder(lake.Scratch["d"])));
            Assert.Equal((0L, true), await Take(open, new IngestFolder(Path.GetDirectoryName(paths[0])!)));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        string[] expected = [.. ((string?[])["SMS", "SMS", "A/B", "A/B", null, null]).Select((channel, i) =>
            SilverRows.Text("messages", "1970-01-01", (i % 2) + 1, null, i % 2 == 0 ? "SENT" : "OPEN", $"{(i % 2) + 1}", channel, null, 7, null, i))];
        Assert.Equal(expected, SilverRows.Read(lake.Path));
    }

    [Theory]
    [InlineData("user_id=abc", "user_id is abc")]
    [InlineData("user_id=3000000000", "user_id is 3000000000")]
    [InlineData("country_id=", "country_id is ")]
    public async Task A_value_in_the_path_that_does_not_fit_refuses_the_file(string folder, string reason)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write($"{folder}/p.parquet", _file)), LakeUnderTest.Plain);
        Assert.Contains($"{folder}/p.parquet: in the path, {reason}", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
        Assert.Equal(0, summary.Accepted);
    }

    [Theory]
    [InlineData("user_id=zz", "user_id")]
    [InlineData("timestamp=noon", "timestamp")]
    public async Task What_is_advised_for_a_value_in_the_path_of_bronze_works(string folder, string column)
    {
        using var lake = new LakeUnderTest();
        byte[] file = column != "timestamp" ? _file : ExternalBronzeFile.Of([new("message_id", ParquetType.String)], ExternalBronzeFile.Texts("1", "2"));
        ExternalBronzeFile.Put(lake, $"{folder}/p.parquet", file);
        var notices = new List<string>();
        await using (Lake open = await lake.OpenAsync())
        {
            await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(progress => notices.Add(progress.Notice)));
        }

        string told = Assert.Single(notices);
        Assert.Contains(" is expected", told, StringComparison.Ordinal);
        Assert.EndsWith($". Rename the folder, give the file a {column} of its own, or remove it.", told, StringComparison.Ordinal);
        Directory.Move(lake[$"bronze/messages/data/{folder}"], lake[$"bronze/messages/data/{column}={(column == "timestamp" ? "2024-12-16 10%3A01%3A00" : "7")}"]);
        Assert.Equal(2, (await lake.CatchUpAsync()).Accepted);
    }

    [Fact]
    public async Task A_column_of_the_file_goes_before_the_path_and_an_unknown_one_of_the_path_is_left_alone()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            Assert.Equal((2L, false), await Take(open, new IngestFile(lake.Scratch.Write("event_type=X/nonsense=1/value=v/p.parquet", _file))));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(SilverRows.Text("messages", "1970-01-01", 1, "v", "SENT", "1", null, null, null, null, 0), SilverRows.Read(lake.Path)[0]);
    }

    [Fact]
    public async Task What_an_earlier_version_took_without_its_folders_is_not_taken_again()
    {
        using var lake = new LakeUnderTest();
        string[] paths = [.. ((string[])["EMAIL", "SMS"]).Select(channel => lake.Scratch.Write($"d/channel={channel}/p.parquet", _file))];
        await using Lake open = await lake.OpenAsync();

        // It took the first and skipped the second, which it thought the same.
        uint crc = Crc32C.Of(_file);
        open.Partition.Accept(new FrameContent { SourceProgress = new SourceProgress.FileProgress("p.parquet", _file.Length, crc, _file.Length, 3, true, crc, 1) });
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal((0L, true), await Take(open, new IngestFile(paths[0])));
            Assert.Equal((i == 0 ? 2L : 0, i == 1), await Take(open, new IngestFile(paths[1])));
        }

        Assert.Equal((2L, false), (await open.IngestAsync(new IngestFile(paths[0]), new IngestOptions { Again = true })) is var again ? (again.Accepted, again.Skipped) : default);
    }

    [Fact]
    public async Task What_an_earlier_version_began_goes_on_behind_it()
    {
        using var lake = new LakeUnderTest();
        string path = lake.Scratch.Write("d/channel=EMAIL/p.parquet", _file);
        uint crc = Crc32C.Of(_file);
        await using Lake open = await lake.OpenAsync();
        open.Partition.Accept(new FrameContent { SourceProgress = new SourceProgress.FileProgress("p.parquet", _file.Length, crc, 1, 3, false, crc, 1) });
        IngestSummary rest = await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain);
        Assert.Equal((0L, 2L, false), (rest.Accepted, rest.ResumedFrom, rest.Skipped));
        Assert.Equal((0L, true), await Take(open, new IngestFile(path)));
        Assert.Null(open.Partition.Registry.ProgressOf("p.parquet"));
    }

    [Fact]
    public async Task A_file_without_folders_and_one_of_its_name_and_bytes_in_a_folder_are_two()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        Assert.Equal((2L, false), await Take(open, new IngestFile(lake.Scratch.Write("p.parquet", _file))));
        Assert.Equal((2L, false), await Take(open, new IngestFile(lake.Scratch.Write("channel=SMS/p.parquet", _file))));
    }

    private static async Task<(long Accepted, bool Skipped)> Take(Lake lake, IngestSource source)
    {
        IngestSummary summary = await lake.IngestAsync(source, LakeUnderTest.Plain);
        return (summary.Accepted, summary.Skipped);
    }
}
