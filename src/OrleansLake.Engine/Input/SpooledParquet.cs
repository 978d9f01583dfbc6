namespace OrleansLake.Engine.Input;

/// <summary>A Parquet file that comes as a stream: it is read from its end, so what cannot seek is kept in a temporary file.</summary>
internal static class SpooledParquet
{
    /// <summary>Returns the file, from its start on; the stream stays open.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="start">What was read of it.</param>
    internal static FileStream Open(Stream source, byte[] start)
    {
        if (source is FileStream { CanSeek: true } file)
        {
            return new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        var spooled = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            new PrefixedStream(start, source).CopyTo(spooled);
            spooled.Flush();
            spooled.Position = 0;
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }
}
