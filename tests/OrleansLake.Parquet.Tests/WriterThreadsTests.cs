namespace OrleansLake.Parquet.Tests;

/// <summary>Row groups that are written by several threads: their order, the caller's arrays, and failures.</summary>
public class WriterThreadsTests
{
    private static readonly ParquetSchema Schema = new(
        new ParquetField("number", ParquetType.Int64), new ParquetField("text", ParquetType.String), new ParquetField("truth", ParquetType.Boolean));

    [Fact]
    public async Task Arrays_may_change_once_their_task_has_ended()
    {
        byte[] expected = WriteAll(1);
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, Schema, new ParquetWriterOptions { Threads = 3 });
        for (int group = 0; group < 12; group++)
        {
            (ColumnData[] columns, byte[] text) = Rows(group);
            await writer.QueueRowGroup(columns);
            Array.Clear(text);
        }

        writer.Finish();
        Assert.Equal(expected, stream.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_stream_that_fails_fails_the_call_the_tasks_and_the_end(int threads)
    {
        long whole = WriteAll(1).Length;
        foreach (long room in (long[])[4, whole / 3, whole - 2000])
        {
            using var writer = new ParquetWriter(new FullStream(room), Schema, new ParquetWriterOptions { Threads = threads });
            var tasks = new List<Task>();
            IOException failure = Assert.Throws<IOException>(() =>
            {
                for (int group = 0; group < 12; group++)
                {
                    tasks.Add(writer.QueueRowGroup(Rows(group).Columns));
                }

                writer.Finish();
            });
            Exception again = Assert.ThrowsAny<Exception>(() => writer.WriteRowGroup(Rows(0).Columns));
            Assert.True(ReferenceEquals(again, failure) || again is ObjectDisposedException, again.ToString());
            Assert.All(tasks, task => Assert.True(task.IsCompleted));
        }
    }

    [Fact]
    public void A_writer_that_is_given_up_lets_go_of_what_is_under_way()
    {
        for (int i = 0; i < 20; i++)
        {
            using var stream = new MemoryStream();
            Task task;
            using (var writer = new ParquetWriter(stream, Schema, new ParquetWriterOptions { Threads = 2 }))
            {
                task = writer.QueueRowGroup(Rows(i).Columns);
            }

            Assert.True(task.IsCompleted);
        }
    }

    [Fact]
    public void A_decreasing_offset_is_told_by_whichever_thread_meets_it()
    {
        using var writer = new ParquetWriter(new MemoryStream(), Schema, new ParquetWriterOptions { Threads = 2 });
        var bad = new BytesData(new byte[10], new[] { 0, 9, 3, 10 });
        Assert.ThrowsAny<ArgumentException>(() =>
            writer.WriteRowGroup(new Int64Data(new long[3]), bad, new BooleanData(new bool[3])));
    }

    private static byte[] WriteAll(int threads)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, Schema, new ParquetWriterOptions { Threads = threads });
        for (int group = 0; group < 12; group++)
        {
            writer.WriteRowGroup(Rows(group).Columns);
        }

        writer.Finish();
        return stream.ToArray();
    }

    // Text of random bytes, which stays where the caller has it, so that a change made too early would show.
    private static (ColumnData[] Columns, byte[] Text) Rows(int group)
    {
        const int Rows = 6000;
        var random = new Random(group);
        byte[] text = new byte[Rows * 20];
        random.NextBytes(text);
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (byte)(33 + (text[i] % 94));
        }

        return ([
            new Int64Data(Enumerable.Range(0, Rows).Select(_ => random.NextInt64()).ToArray()),
            new BytesData(text, Enumerable.Range(0, Rows + 1).Select(i => i * 20).ToArray()),
            new BooleanData(Enumerable.Range(0, Rows).Select(_ => random.Next(2) == 0).ToArray()),
        ], text);
    }

    private sealed class FullStream(long room) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > room)
            {
                throw new IOException("No space left on device");
            }

            base.Write(buffer);
        }
    }
}
