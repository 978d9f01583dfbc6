namespace OrleansLake.Engine.Tests;

/// <summary>Links in folders, and sources that are not files.</summary>
public class LinkTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(30, 29);

    [Fact]
    public async Task Each_file_of_a_folder_is_taken_once_and_links_to_folders_are_not_followed()
    {
        using var lake = new LakeUnderTest();
        lake.Scratch.Write("in/a.parquet", ExternalBronzeFile.Bytes(_sent[..20]));
        lake.Scratch.Write("in/sub/b.parquet", ExternalBronzeFile.Bytes(_sent[20..]));
        lake.Scratch.Write("in/note.txt", "not taken");
        string folder = lake.Scratch["in"];
        Directory.CreateSymbolicLink(Path.Combine(folder, "loop"), ".");
        Directory.CreateSymbolicLink(Path.Combine(folder, "sub", "up"), folder);
        File.CreateSymbolicLink(Path.Combine(folder, "c.parquet"), "a.parquet");
        File.CreateSymbolicLink(Path.Combine(folder, "dead.parquet"), "nowhere");
        File.CreateSymbolicLink(Path.Combine(folder, "self.parquet"), "self.parquet");
        string link = lake.Scratch["link"];
        Directory.CreateSymbolicLink(link, folder);
        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary summary = await open.IngestAsync(new IngestFolder(link), LakeUnderTest.Plain);
            Assert.Equal(30, summary.Accepted);
            Assert.Equal(["dead.parquet", "self.parquet"], summary.UnreadableFiles.Select(file => Path.GetFileName(file.Split(':')[0])).Order());
            Assert.Contains(summary.Notes, note => note.Contains("2 links to folders are not followed", StringComparison.Ordinal));
            Assert.Contains(summary.Notes, note => note.Contains("note.txt", StringComparison.Ordinal));
            if (OperatingSystem.IsLinux())
            {
                Assert.Contains(summary.Notes, note => note.Contains("another name in the folder", StringComparison.Ordinal));
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
    }

    [Fact]
    public async Task Links_in_a_folder_that_is_named_by_a_link_lead_on_from_where_they_are()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        lake.Scratch.Write("releases/5/shared/x.parquet", ExternalBronzeFile.Bytes(_sent[..20]));
        lake.Scratch.Write("releases/5/data/own.parquet", ExternalBronzeFile.Bytes(_sent[20..]));
        lake.Scratch.Write("shared/x.parquet", "another file of that name");
        File.CreateSymbolicLink(lake.Scratch["releases/5/data/x.parquet"], "../shared/x.parquet");
        Directory.CreateSymbolicLink(lake.Scratch["releases/5/data/up"], "../data");
        Directory.CreateSymbolicLink(lake.Scratch["current"], "releases/5/data");
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFolder(lake.Scratch["current"]), LakeUnderTest.Plain);
        Assert.Equal(30, summary.Accepted);
        Assert.Empty(summary.UnreadableFiles);
        Assert.Contains("1 link to a folder is not followed.", summary.Notes);

        // The folder above is that of the link's target.
        IngestSummary again = await open.IngestAsync(new IngestFolder(lake.Scratch["current/../shared"]), LakeUnderTest.Plain);
        Assert.True(again.Skipped);
        Assert.True((await open.IngestAsync(new IngestFile(lake.Scratch["current/../shared/x.parquet"]), LakeUnderTest.Plain)).Skipped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_folder_and_a_file_in_it_that_are_named_together_each_file_is_taken_once(bool isFolderFirst)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        string file = lake.Scratch.Write("in/sub/x.parquet", ExternalBronzeFile.Bytes(_sent));
        File.CreateSymbolicLink(lake.Scratch["in/sub/a.parquet"], "x.parquet");
        IngestSource[] sources = [new IngestFolder(lake.Scratch["in"]), new IngestFile(file), new IngestFolder(lake.Scratch["in/sub"])];
        var options = new IngestOptions { Files = new NamedFiles() };
        await using Lake open = await lake.OpenAsync();
        var summaries = new List<IngestSummary>();
        foreach (IngestSource source in isFolderFirst ? sources : [.. sources.Reverse()])
        {
            summaries.Add(await open.IngestAsync(source, options));
        }

        Assert.Equal([30, 0, 0], summaries.Select(static summary => summary.Accepted));
        Assert.Equal([false, true, true], summaries.Select(static summary => summary.Skipped));
        Assert.All(summaries, static summary => Assert.Empty(summary.UnreadableFiles));
        Assert.Contains("is the same file as", summaries[1].SkippedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_by_its_name_is_not_said_to_be()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        lake.Scratch.Write("in/a.parquet", ExternalBronzeFile.Bytes(_sent));
        lake.Scratch.Write("in/one", "");
        lake.Scratch.Write("in/two.txt", "");
        File.CreateSymbolicLink(lake.Scratch["in/gone.parquet"], "nowhere");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(lake.Scratch["in/s.parquet"]));
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFolder(lake.Scratch["in"]), LakeUnderTest.Plain);
        Assert.Contains($"{lake.Scratch["in/s.parquet"]} is a socket and not a file, and left out.", summary.Notes);
        Assert.Equal([$"{lake.Scratch["in/gone.parquet"]}: it is a link that leads nowhere (nowhere)."], summary.UnreadableFiles);
        string others = Assert.Single(summary.Notes, note => note.Contains("not Parquet by the name", StringComparison.Ordinal));
        Assert.All((string[])["one", "two.txt"], name => Assert.Contains(name, others, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parquet_is_taken_from_a_stream()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        using var stream = new MemoryStream(ExternalBronzeFile.Bytes(_sent));
        IngestSummary summary = await open.IngestAsync(new IngestInput(stream), LakeUnderTest.Plain);
        Assert.Equal(30, summary.Accepted);
        Assert.Empty(summary.UnreadableFiles);
    }
}
