using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansLake.Storage.Log;

/// <summary>
/// Reads what a <see cref="ByteSink"/> put together. Nothing that it reads is trusted: every length is checked against
/// the bytes that are left, before anything is allocated for it.
/// </summary>
internal ref struct ByteSource(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public ReadOnlySpan<byte> Take(long count)
    {
        if ((ulong)count > (ulong)_rest.Length)
        {
            throw new InvalidDataException("it ends too early");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Returns a count that is not less than 0.</summary>
    public int Count()
    {
        int count = Int32();
        return count >= 0 ? count : throw new InvalidDataException("a count is negative");
    }

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Fills a span of numbers.</summary>
    public void Values<T>(Span<T> destination)
        where T : unmanaged
    {
        Span<byte> target = MemoryMarshal.AsBytes(destination);
        Take(target.Length).CopyTo(target);
    }
}
