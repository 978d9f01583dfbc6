using System.Diagnostics;
using System.Text.Json;
using OrleansLake.Parquet;

namespace OrleansLake.Benchmarks.Parquet;

/// <summary>Our library on one job, in a process of its own; says each round as a line of JSON, as the peers' script does.</summary>
internal static class ParquetJob
{
    private const int RowGroupRows = 1 << 19;

    public static int Run(string job, string source, string output, int threads, int rounds)
    {
        Action work = job switch
        {
            "write" => Writing(source, output, threads),
            "column" => () => Read(source, ["message_id"], threads),
            _ => () => Read(source, [.. SilverRows.Schema.Fields.Select(static field => field.Name)], threads),
        };
        for (int round = 0; round < rounds; round++)
        {
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            work();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(JsonSerializer.Serialize(new ParquetRound(
                seconds,
                (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds,
                new FileInfo(job == "write" ? output : source).Length,
                GC.GetTotalAllocatedBytes(precise: true) - allocated)));
        }

        return 0;
    }

    public static void Make(string file, int rows)
    {
        using FileStream stream = File.Create(file);
        using var writer = new ParquetWriter(stream, SilverRows.Schema);
        for (int start = 0; start < rows; start += RowGroupRows)
        {
            writer.WriteRowGroup(SilverRows.Make(Math.Min(RowGroupRows, rows - start), start));
        }

        writer.Finish();
    }

    /// <summary>The bytes that a column of a row group takes in memory.</summary>
    public static long MemoryBytesOf(ParquetReader reader, int group, string column)
    {
        ColumnBuffer buffer = BufferFor(reader.Schema.Fields[reader.Schema.IndexOf(column)].Type);
        Read(reader, group, column, buffer);
        return buffer.AsData() switch
        {
            Int32Data numbers => 4L * numbers.Count,
            BytesData bytes => bytes.Bytes.Length + (4L * (bytes.Offsets.Length + bytes.Codes.Length)),
            ColumnData wide => 8L * wide.Count,
        };
    }

    private static Action Writing(string source, string output, int threads)
    {
        using ParquetReader reader = ParquetReader.Open(source);
        ColumnData[][] groups = [.. Enumerable.Range(0, reader.RowGroupCount).Select(group => Columns(reader, group))];
        return () =>
        {
            using FileStream stream = File.Create(output);
            using var writer = new ParquetWriter(stream, SilverRows.Schema, new ParquetWriterOptions { Threads = threads });
            foreach (ColumnData[] group in groups)
            {
                _ = writer.QueueRowGroup(group);
            }

            writer.Finish();
        };
    }

    private static ColumnData[] Columns(ParquetReader reader, int group) =>
    [
        .. reader.Schema.Fields.Select(field =>
        {
            ColumnBuffer buffer = BufferFor(field.Type);
            Read(reader, group, field.Name, buffer);
            return buffer.AsData();
        }),
    ];

    // Each row group of each column into buffers that are used again: what a reader that goes through a file does.
    private static void Read(string source, string[] columns, int threads)
    {
        using ParquetReader reader = ParquetReader.Open(source);
        int next = -1;
        int jobs = columns.Length * reader.RowGroupCount;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            (Int32Buffer Narrow, Int64Buffer Wide, BytesBuffer Bytes) buffers = (new(), new(), new());
            for (int job = Interlocked.Increment(ref next); job < jobs; job = Interlocked.Increment(ref next))
            {
                string column = columns[job % columns.Length];
                ParquetType type = reader.Schema.Fields[reader.Schema.IndexOf(column)].Type;
                ColumnBuffer buffer = type switch
                {
                    ParquetType.Int32 => buffers.Narrow,
                    ParquetType.String => buffers.Bytes,
                    _ => buffers.Wide,
                };
                Read(reader, job / columns.Length, column, buffer);
            }
        });
    }

    private static ColumnBuffer BufferFor(ParquetType type) => type switch
    {
        ParquetType.Int32 => new Int32Buffer(),
        ParquetType.String => new BytesBuffer(),
        _ => new Int64Buffer(),
    };

    private static void Read(ParquetReader reader, int group, string column, ColumnBuffer into)
    {
        switch (into)
        {
            case Int32Buffer buffer: reader.Read(group, column, buffer); break;
            case Int64Buffer buffer: reader.Read(group, column, buffer); break;
            case BytesBuffer buffer: reader.Read(group, column, buffer); break;
        }
    }
}
