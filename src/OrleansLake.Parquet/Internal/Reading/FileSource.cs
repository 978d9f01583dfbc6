using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>A file, read by position.</summary>
internal sealed class FileSource(string path) : ByteSource
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, options: FileOptions.RandomAccess);
    private long? _length;

    public override long Length => _length ??= RandomAccess.GetLength(_file);

    public override void Read(long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            int count = RandomAccess.Read(_file, into, offset);
            if (count == 0)
            {
                throw Shrunk();
            }

            into = into[count..];
            offset += count;
        }
    }

    public override void Dispose() => _file.Dispose();
}
