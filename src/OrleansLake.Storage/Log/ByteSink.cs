using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansLake.Storage.Log;

/// <summary>Bytes that are put together, little-endian, in a pooled array that this object owns.</summary>
internal sealed class ByteSink : IDisposable
{
    private byte[] _bytes;

    public ByteSink(int capacity) => _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Reserves some bytes, to be filled by the caller.</summary>
    public Span<byte> Take(int count)
    {
        int end = checked(Length + count);
        if (end > _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(end, 2L * _bytes.Length)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        Span<byte> taken = _bytes.AsSpan(Length, count);
        Length = end;
        return taken;
    }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Values<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Raw(MemoryMarshal.AsBytes(values));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        Raw(bytes);
    }

    public void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
