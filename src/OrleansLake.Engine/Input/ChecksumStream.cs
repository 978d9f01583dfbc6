using OrleansLake.Core;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Input;

/// <summary>Reads another stream, counting its bytes and taking their CRC32C. The other stream stays open.</summary>
internal sealed class ChecksumStream(Stream inner) : ReadOnlyStream
{
    private uint _crc;

    /// <summary>Gets the number of bytes read so far. Other threads may look at it.</summary>
    internal long BytesRead => Volatile.Read(ref _bytesRead);

    private long _bytesRead;

    /// <summary>Reads the rest and returns the CRC32C of everything.</summary>
    internal uint DrainAndChecksum()
    {
        byte[] buffer = new byte[256 * 1024];
        while (Read(buffer, 0, buffer.Length) > 0)
        {
        }

        return _crc;
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _crc = Crc32C.Append(_crc, buffer[..read]);
        Volatile.Write(ref _bytesRead, _bytesRead + read);
        return read;
    }
}
