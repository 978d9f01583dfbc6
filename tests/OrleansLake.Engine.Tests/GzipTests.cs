using System.IO.Compression;
using System.Text;

namespace OrleansLake.Engine.Tests;

public class GzipTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(2_000, 21);

    [Fact]
    public async Task Several_members_are_one_text_also_where_one_ends_in_the_middle_of_a_record()
    {
        using var lake = new LakeUnderTest();
        byte[] text = Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent));
        byte[] packed = [.. Packed.Gzip(text.AsSpan(0, 1234)), .. Packed.Gzip(text.AsSpan(1234, 0)), .. Packed.Gzip(text.AsSpan(1234))];
        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("events", packed)), LakeUnderTest.Plain);
            Assert.Equal((2_000L, (long)packed.Length), (summary.Accepted, summary.Bytes));
            Assert.Empty(summary.UnreadableFiles);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    [InlineData(-1)]
    [InlineData(-8)]
    [InlineData(-9)]
    public async Task A_file_that_is_cut_off_is_unreadable_and_goes_on_when_it_is_whole(double where)
    {
        using var lake = new LakeUnderTest();
        string text = SentStreams.Ndjson(_sent);
        byte[] packed = Packed.Gzip(text);
        int cut = where < 0 ? packed.Length + (int)where : (int)(packed.Length * where);
        await using (Lake open = await lake.OpenAsync())
        {
            var file = new IngestFile(lake.Scratch.Write("events.ndjson.gz", packed.AsSpan(0, cut)));
            IngestSummary summary = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Contains("events.ndjson.gz", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
            Assert.InRange(summary.Accepted, 0, 2_000);
            Assert.Equal(0, summary.Rejected);

            lake.Scratch.Write("events.ndjson.gz", packed);
            IngestSummary rest = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Empty(rest.UnreadableFiles);
            Assert.Equal((2_000 - summary.Accepted, summary.Accepted), (rest.Accepted, rest.ResumedFrom));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
    }

    [Fact]
    public async Task Whole_records_before_a_cut_are_taken()
    {
        using var lake = new LakeUnderTest();
        SentMessage[] large = [.. Enumerable.Range(0, 400).Select(i => SentStreams.Of(i, new string((char)('a' + (i % 26)), 10_000), id: $"{i}"))];
        byte[] packed = Packed.Gzip(SentStreams.Ndjson(large));
        int cut = packed.Length / 2;
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("large.gz", packed.AsSpan(0, cut))), LakeUnderTest.Plain);
        Assert.DoesNotContain("wrong values", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
        Assert.Equal(WholeLines(packed[..cut]), summary.Accepted);
        Assert.InRange(summary.Accepted, 100, 300);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        lake.AssertHolds(large[..(int)summary.Accepted]);
    }

    private static int WholeLines(byte[] packed)
    {
        using var source = new MemoryStream(packed);
        using var text = new GZipStream(source, CompressionMode.Decompress);
        int lines = 0;
        try
        {
            for (int next = text.ReadByte(); next >= 0; next = text.ReadByte())
            {
                lines += next == '\n' ? 1 : 0;
            }
        }
        catch (InvalidDataException)
        {
            // The cut.
        }

        return lines;
    }

    [Fact]
    public async Task Damaged_data_are_unreadable()
    {
        using var lake = new LakeUnderTest();
        byte[] packed = Packed.Gzip(SentStreams.Ndjson(_sent));
        packed[^6] ^= 1;
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("events.gz", packed)), LakeUnderTest.Plain);
        string told = Assert.Single(summary.UnreadableFiles);
        Assert.Contains("events.gz", told, StringComparison.Ordinal);
        Assert.Contains("any of them may hold wrong values", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-8)]
    [InlineData(-4)]
    [InlineData(3_000)]
    public async Task Damaged_data_give_the_same_records_however_they_arrive(int at)
    {
        byte[] text = Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent));
        byte[] packed = Packed.Gzip(text);
        byte[] damaged = [.. packed];
        damaged[at < 0 ? packed.Length + at : at] ^= 0x10;
        using var lake = new LakeUnderTest();
        string path = lake.Scratch.Write("events.gz", damaged);
        IngestSummary summary;
        await using (Lake open = await lake.OpenAsync())
        {
            summary = await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain);
            Assert.Contains("whole records before that place were stored", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
            if (at < 0)
            {
                // What is in front of a wrong trailer is all of it, and a good copy of the file goes on behind that.
                Assert.Equal((2_000L, 0L), (summary.Accepted, summary.Rejected));
                IngestSummary again = await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain);
                Assert.Equal((0L, 2_000L), (again.Accepted, again.ResumedFrom));
                Assert.Equal(summary.UnreadableFiles, again.UnreadableFiles);
                lake.Scratch.Write("events.gz", packed);
                IngestSummary rest = await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain);
                Assert.Equal((0L, 2_000L), (rest.Accepted, rest.ResumedFrom));
                Assert.Empty(rest.UnreadableFiles);
            }
        }

        foreach (int piece in (int[])[1, 997, 100_000])
        {
            using var other = new LakeUnderTest();
            await using Lake open = await other.OpenAsync();
            using var stream = new PieceStream(damaged, piece);
            IngestSummary same = await open.IngestAsync(new IngestInput(stream), LakeUnderTest.Plain);
            Assert.Single(same.UnreadableFiles);
            Assert.Equal((summary.Accepted, summary.Rejected), (same.Accepted, same.Rejected));
        }
    }

    [Fact]
    public async Task Standard_input_may_be_packed_and_cut_off()
    {
        using var lake = new LakeUnderTest();
        byte[] packed = Packed.Gzip(SentStreams.Ndjson(_sent));
        await using Lake open = await lake.OpenAsync();
        using var whole = new MemoryStream(packed);
        Assert.Equal(2_000, (await open.IngestAsync(new IngestInput(whole), LakeUnderTest.Plain)).Accepted);
        using var cut = new MemoryStream(packed, 0, packed.Length - 5);
        Assert.Single((await open.IngestAsync(new IngestInput(cut), LakeUnderTest.Plain)).UnreadableFiles);
    }
}
