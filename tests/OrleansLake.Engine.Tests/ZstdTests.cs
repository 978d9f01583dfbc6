using System.Text;

namespace OrleansLake.Engine.Tests;

public class ZstdTests
{
    private static readonly byte[] Skippable = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];

    private readonly SentMessage[] _sent = SentStreams.Many(2_000, 23);

    [Fact]
    public async Task Frames_follow_each_other_with_some_to_skip_between_them()
    {
        using var lake = new LakeUnderTest();
        byte[] text = Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent));
        byte[] packed = [.. Skippable, .. Packed.Zstd(text.AsSpan(0, 1234)), .. Skippable, .. Packed.Zstd(text.AsSpan(1234))];
        await using (Lake open = await lake.OpenAsync())
        {
            var file = new IngestFile(lake.Scratch.Write("events.ndjson.zst", packed));
            IngestSummary summary = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Equal((2_000L, (long)packed.Length), (summary.Accepted, summary.Bytes));
            Assert.Empty(summary.UnreadableFiles);
            Assert.True((await open.IngestAsync(file, LakeUnderTest.Plain)).Skipped);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20_000)]
    [InlineData(-1)]
    public async Task A_file_that_is_cut_off_is_told_and_goes_on_when_it_is_whole(int cut)
    {
        using var lake = new LakeUnderTest();
        byte[] packed = Packed.Zstd(Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent)));
        int length = cut < 0 ? packed.Length + cut : Math.Min(cut, packed.Length - 2);
        await using (Lake open = await lake.OpenAsync())
        {
            var file = new IngestFile(lake.Scratch.Write("events.zst", packed.AsSpan(0, length)));
            IngestSummary summary = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Contains("cut off", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
            Assert.Equal(0, summary.Rejected);
            using var stream = new MemoryStream(packed, 0, length);
            lake.Scratch.Write("events.zst", packed);
            IngestSummary rest = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Equal(2_000, summary.Accepted + rest.Accepted);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(6)]
    public async Task Of_what_is_cut_off_in_its_first_record_nothing_is_said_to_be_stored(int length)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] text = Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent));
        foreach ((string kind, byte[] packed) in ((string, byte[])[])[("zstd", Packed.Zstd(text)), ("gzip", Packed.Gzip(text))])
        {
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(kind, packed.AsSpan(0, length))), LakeUnderTest.Plain);
            Assert.Equal($"{kind}: the {kind} data are cut off; no record before that place is whole, so nothing was stored", Assert.Single(summary.UnreadableFiles));
        }
    }

    [Fact]
    public async Task Bytes_behind_a_frame_and_damage_in_one_are_told()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] packed = Packed.Zstd(Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent)));
        byte[] damaged = [.. packed];
        damaged[packed.Length / 2] ^= 0x40;
        foreach ((byte[] bytes, string says) in ((byte[], string)[])
        [
            ([.. packed, .. "noise"u8], "the zstd data are followed by bytes that are not zstd"), (damaged, "the zstd data are damaged"), (packed[..^5], "the zstd data are cut off"),
        ])
        {
            using var stream = new MemoryStream(bytes);
            Assert.Contains(says, Assert.Single((await open.IngestAsync(new IngestInput(stream), LakeUnderTest.Plain)).UnreadableFiles), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1, 2_000)]
    [InlineData(0, null)]
    public async Task Damaged_frames_give_the_same_records_however_they_arrive(int at, int? whole)
    {
        // Of many blocks: the one that is damaged is the only one of which nothing comes out.
        byte[] packed = Packed.Zstd(Encoding.UTF8.GetBytes(SentStreams.Ndjson(_sent)));
        byte[] damaged = [.. packed];
        damaged[at < 0 ? packed.Length + at : packed.Length * 3 / 4] ^= 0x40;
        var seen = new HashSet<(long, long)>();
        foreach (int piece in (int[])[0, 1, 997, 100_000])
        {
            using var lake = new LakeUnderTest();
            await using Lake open = await lake.OpenAsync();
            using var stream = new PieceStream(damaged, Math.Max(piece, 1));
            IngestSource source = piece == 0 ? new IngestFile(lake.Scratch.Write("events.zst", damaged)) : new IngestInput(stream);
            IngestSummary summary = await open.IngestAsync(source, LakeUnderTest.Plain);
            Assert.Contains("whole records before that place were stored", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
            seen.Add((summary.Accepted, summary.Rejected));
        }

        (long accepted, _) = Assert.Single(seen);
        Assert.InRange(accepted, whole ?? 100, 2_000);
    }

    [Fact]
    public async Task A_window_that_takes_too_much_memory_is_told_for_what_it_is()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();

        // A frame whose window is 2 GiB: RFC 8878, section 3.1.1.1.2.
        using var stream = new MemoryStream([0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 0x01, 0x00, 0x00]);
        string told = Assert.Single((await open.IngestAsync(new IngestInput(stream), LakeUnderTest.Plain)).UnreadableFiles);
        Assert.Contains("needs a window of more than 128 MiB", told, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", told, StringComparison.Ordinal);
    }
}
