using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Storage.Stores;

/// <summary>A segment of the log in a folder of this machine.</summary>
/// <remarks>
/// Space that was only reserved is marked as unwritten in the file system's metadata, so that the fsync of what is first
/// written there waits for the journal, and that for the data of every file which was written to meanwhile: a small
/// acknowledgement would wait for a commit's Parquet files. So small frames are written where zeros were written
/// before them, some hundred kilobytes ahead; large ones (whose fsync costs more than the journal's) are not.
/// </remarks>
internal sealed class LocalLogFile(SafeFileHandle handle, string path, string fullPath, long capacity, Durability durability)
    : ILogFile
{
    private const int SmallBytes = 128 * 1024;
    private const int AheadBytesMin = 256 * 1024;
    private const int AheadBytes = 1024 * 1024;

    private static readonly byte[] Zeros = new byte[AheadBytes];

    private long _written;    // the file has bytes of ours up to here: frames, then zeros

    public string Path { get; } = path;

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        long end = position + bytes.Length;
        if (durability == Durability.Full && bytes.Length <= SmallBytes && end + AheadBytesMin > _written)
        {
            WriteZeros(Math.Max(end, _written));
        }

        RandomAccess.Write(handle, bytes, position);
        _written = Math.Max(_written, end);
    }

    public void Flush()
    {
        if (durability == Durability.Full)
        {
            FolderSync.SyncFile(handle, fullPath);
        }
    }

    public void Trim(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (IOException)
        {
            // The file keeps its zeros, which readers take for the end as well.
        }
    }

    public void Dispose() => handle.Dispose();

    // Never over a frame: from behind everything that was ever written here.
    private void WriteZeros(long from)
    {
        int length = (int)Math.Min(AheadBytes, capacity - from);
        if (length <= 0)
        {
            return;
        }

        try
        {
            RandomAccess.Write(handle, Zeros.AsSpan(0, length), from);
            _written = from + length;
        }
        catch (IOException)
        {
            // They make the next writes quicker, and nothing more.
        }
    }
}
