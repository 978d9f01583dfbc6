using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Storage;

internal sealed class LocalLogFile(SafeFileHandle handle, string path, string fullPath, Durability durability)
    : ILogFile
{
    public string Path { get; } = path;

    public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(handle, bytes, position);

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
}
