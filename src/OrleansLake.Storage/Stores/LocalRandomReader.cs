using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Storage.Stores;

internal sealed class LocalRandomReader(SafeFileHandle handle, string path) : IRandomReader
{
    public string Path { get; } = path;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> destination, long position)
    {
        int total = 0;
        while (total < destination.Length)
        {
            int read = RandomAccess.Read(handle, destination[total..], position + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Dispose() => handle.Dispose();
}
