using OrleansLake.Parquet;

namespace OrleansLake.Cli.Results;

/// <summary>A Parquet file that came from a pipe: it is read from its end, so it is kept in a file for as long as it is read.</summary>
internal sealed class KeptParquet : IDisposable
{
    // Who sends more means something else; a temporary folder is often memory.
    private const long BytesMax = 4L * 1024 * 1024 * 1024;
    private const int BufferBytes = 1024 * 1024;
    private const int StartBytes = 8;
    private readonly string _path = System.IO.Path.GetTempFileName();

    private KeptParquet()
    {
    }

    /// <summary>Keeps what a pipe has.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="name">Its name in failures.</param>
    /// <exception cref="ParquetException">It does not begin as Parquet does.</exception>
    /// <exception cref="IOException">It has more than may be kept.</exception>
    public static KeptParquet Of(Stream pipe, string name)
    {
        var kept = new KeptParquet();
        try
        {
            kept.Keep(pipe, name);
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <summary>Gets its first bytes.</summary>
    public byte[] Start => StartOf(_path);

    /// <summary>Returns the first bytes of a file.</summary>
    public static byte[] StartOf(string path)
    {
        byte[] start = new byte[StartBytes];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Opens it.</summary>
    public ParquetReader Open(string name) => ParquetReader.Open(_path, name);

    public void Dispose() => File.Delete(_path);

    private void Keep(Stream pipe, string name)
    {
        byte[] buffer = new byte[BufferBytes];
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.Read, 1);
        int read = pipe.ReadAtLeast(buffer, 4, throwOnEndOfStream: false);
        bool isParquet = buffer.AsSpan().StartsWith("PAR1"u8) || buffer.AsSpan().StartsWith("PARE"u8);
        while (read > 0)
        {
            file.Write(buffer, 0, read);

            // The reader says what is wrong with so little.
            read = isParquet ? pipe.Read(buffer) : 0;
            if (file.Length > BytesMax)
            {
                throw new IOException($"{name} holds more than 4 GiB, which is the most that is kept of a pipe; name a file.");
            }
        }
    }
}
