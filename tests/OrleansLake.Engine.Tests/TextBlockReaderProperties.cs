using FsCheck.Xunit;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Tests;

public class TextBlockReaderProperties
{
    [Property(MaxTest = 300)]
    public void Blocks_are_whole_records_that_make_up_the_source(int seed, bool isCsv, bool isEager)
    {
        var random = new Random(seed);
        byte[] text = Text(random, random.Next(0, 4000), isCsv);
        int[] ends = RecordEnds(text, isCsv);
        using var source = new Dribble(text, random);
        var reader = new TextBlockReader(source, isCsv ? TextLayout.Csv : TextLayout.Lines, isEager, blockBytes: 16 << random.Next(5), keptBytesMax: 1 << 20);
        int at = 0;
        int records = 0;
        while (true)
        {
            using InputBlock? block = reader.Read();
            if (block is null)
            {
                break;
            }

            Assert.True(block.Bytes.Length > 0);
            Assert.Equal((at, records + 1L, 0L), (block.FirstPosition, block.FirstRecord, block.OverlongBytes));
            Assert.True(text.AsSpan(at, block.Bytes.Length).SequenceEqual(block.Bytes));
            at += block.Bytes.Length;
            records += (int)block.Records;
            Assert.Equal(at, block.EndPosition);
            Assert.Equal(ends[records - 1], at);
            Assert.Equal(Crc32C.Append(0, text.AsSpan(0, at)), block.PrefixCrc32C);
        }

        Assert.Equal((text.Length, ends.Length), (at, records));
    }

    [Property(MaxTest = 300)]
    public void Blocks_end_where_they_are_told_to(int seed, bool isCsv, bool isEager)
    {
        var random = new Random(seed);
        byte[] text = Text(random, random.Next(1, 4000), isCsv);
        int[] ends = RecordEnds(text, isCsv);
        int[] cuts = [.. Enumerable.Range(0, ends.Length).Where(_ => random.Next(5) == 0)];
        using var source = new Dribble(text, random);
        var reader = new TextBlockReader(source, isCsv ? TextLayout.Csv : TextLayout.Lines, isEager, blockBytes: 16 << random.Next(8), keptBytesMax: 1 << 20)
        {
            Cuts = [.. cuts.Select(record => ((long)ends[record], record + 2L))],
        };
        int at = 0;
        long records = 0;
        var blockEnds = new List<long>();
        while (reader.Read() is { } block)
        {
            using (block)
            {
                Assert.Equal((at, records + 1), (block.FirstPosition, block.FirstRecord));
                at += block.Bytes.Length;
                records += block.Records;
                Assert.Equal(ends[records - 1], at);
                Assert.Equal(Crc32C.Append(0, text.AsSpan(0, at)), block.PrefixCrc32C);
                blockEnds.Add(at);
            }
        }

        Assert.Equal((text.Length, ends.Length), (at, records));
        Assert.Subset(blockEnds.ToHashSet(), cuts.Select(record => (long)ends[record]).ToHashSet());
    }

    [Property(MaxTest = 200)]
    public void Reading_goes_on_anywhere_behind_a_block(int seed)
    {
        var random = new Random(seed);
        byte[] text = Text(random, random.Next(1, 4000), isCsv: false);
        int[] ends = RecordEnds(text, isCsv: false);
        int skipped = random.Next(ends.Length);
        using var source = new Dribble(text, random);
        var reader = new TextBlockReader(source, TextLayout.Lines, eager: false, blockBytes: 64, keptBytesMax: 1 << 20);
        Assert.True(reader.Skip(ends[skipped], skipped + 1));
        using InputBlock? block = reader.Read();
        if (ends[skipped] == text.Length)
        {
            Assert.Null(block);
            return;
        }

        Assert.Equal((ends[skipped], skipped + 2L), (block!.FirstPosition, block.FirstRecord));
        Assert.Equal(Crc32C.Append(0, text.AsSpan(0, (int)block.EndPosition)), block.PrefixCrc32C);
    }

    [Property(MaxTest = 300)]
    public void A_record_beyond_the_limit_is_handed_over_with_its_first_bytes_and_the_rest_follows(int seed)
    {
        var random = new Random(seed);
        const int Kept = 256;
        string[] lines = [.. Enumerable.Range(0, random.Next(1, 12)).Select(i => new string((char)('a' + i), random.Next(6) == 0 ? random.Next(300, 3000) : random.Next(1, 40)))];
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Join('\n', lines) + (random.Next(2) == 0 ? "\n" : ""));
        using var source = new Dribble(text, random);
        var reader = new TextBlockReader(source, TextLayout.Lines, eager: random.Next(2) == 0, blockBytes: 64, keptBytesMax: Kept);
        var found = new List<string>();
        long position = 0;
        while (true)
        {
            using InputBlock? block = reader.Read();
            if (block is null)
            {
                break;
            }

            Assert.Equal((position, found.Count + 1L), (block.FirstPosition, block.FirstRecord));
            string content = System.Text.Encoding.ASCII.GetString(block.Bytes);
            if (block.OverlongBytes > 0)
            {
                Assert.True(content.Length >= Kept);
                Assert.StartsWith(content, lines[found.Count], StringComparison.Ordinal);
                Assert.InRange(block.OverlongBytes - lines[found.Count].Length, 0, 1);
                Assert.Equal(1, block.Records);
                found.Add(lines[found.Count]);
            }
            else
            {
                found.AddRange(content.EndsWith('\n') ? content[..^1].Split('\n') : content.Split('\n'));
            }

            position = block.EndPosition;
            Assert.Equal(Crc32C.Append(0, text.AsSpan(0, (int)position)), block.PrefixCrc32C);
        }

        Assert.Equal(lines, found);
        Assert.Equal(text.Length, position);
    }

    [Fact]
    public void Skipping_beyond_the_end_says_so()
    {
        using var source = new MemoryStream("a\nb\n"u8.ToArray());
        var reader = new TextBlockReader(source, TextLayout.Lines, eager: false);
        Assert.False(reader.Skip(5, 2));
    }

    private static byte[] Text(Random random, int length, bool isCsv)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = random.Next(isCsv ? 12 : 9) switch
            {
                0 => (byte)'\n',
                1 => (byte)'\r',
                2 => (byte)',',
                9 => (byte)'"',
                _ => (byte)random.Next(32, 127),
            };
        }

        return text;
    }

    // Where each record ends, in the plainest way; the last one ends with the source.
    private static int[] RecordEnds(byte[] text, bool isCsv)
    {
        var ends = new List<int>();
        int start = 0;
        while (start < text.Length)
        {
            int line = text.AsSpan(start).IndexOf((byte)'\n') + 1;
            int length = isCsv ? default(CsvRecordScanner).NextRecordEnd(text.AsSpan(start)) : line;
            start = length == 0 ? text.Length : start + length;
            ends.Add(start);
        }

        return [.. ends];
    }

    // Gives some bytes at a time, as a pipe does.
    private sealed class Dribble(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 50)));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, random.Next(1, 50))]);
    }
}
