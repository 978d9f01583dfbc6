using System.Diagnostics;

namespace OrleansLake.Benchmarks.Durability;

/// <summary>Measures what the disk alone does: the same bytes in a row with one fsync at the end, and what one small fsync costs.</summary>
internal static class DiskMeasure
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Seconds to write bytes in blocks of a megabyte and to fsync them.</summary>
    public static double WriteSeconds(string folder, byte[] bytes)
    {
        string path = Path.Combine(folder, "sequential");
        Stopwatch watch = Stopwatch.StartNew();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            for (int at = 0; at < bytes.Length; at += BlockBytes)
            {
                file.Write(bytes, at, Math.Min(BlockBytes, bytes.Length - at));
            }

            file.Flush(flushToDisk: true);
        }

        double seconds = watch.Elapsed.TotalSeconds;
        File.Delete(path);
        return seconds;
    }

    /// <summary>Milliseconds of each of many writes of 20 kB into a file that has its room, each with an fsync: sorted.</summary>
    public static double[] FsyncMilliseconds(string folder, int times)
    {
        string path = Path.Combine(folder, "fsync");
        byte[] block = new byte[20_000];
        double[] milliseconds = new double[times];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            file.Write(new byte[(long)block.Length * times]);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            for (int i = 0; i < times; i++)
            {
                long started = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                milliseconds[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        File.Delete(path);
        Array.Sort(milliseconds);
        return milliseconds;
    }
}
