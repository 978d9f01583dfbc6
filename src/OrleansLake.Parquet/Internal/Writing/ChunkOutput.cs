using System.Buffers;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// The pages of a column chunk in the order of the file, in parts: what was copied is in arrays of the shared pool,
/// and long runs of the caller's bytes are referred to where they are, until <see cref="Clear"/>.
/// </summary>
internal sealed class ChunkOutput : IDisposable
{
    /// <summary>From this size on, bytes of the caller are better referred to than copied.</summary>
    public const int ReferBytesMin = 16 << 10;

    // Small enough for the pool to keep, large enough that a call to the system is nothing beside its bytes.
    private const int PartBytes = 64 << 10;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private readonly List<byte[]> _rented = [];
    private byte[] _tail = [];
    private int _tailStart;
    private int _tailLength;

    public int Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Extend(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (_tailLength == _tail.Length)
            {
                Seal();
                _tail = ArrayPool<byte>.Shared.Rent(PartBytes);
                _rented.Add(_tail);
                _tailStart = 0;
                _tailLength = 0;
            }

            int count = Math.Min(bytes.Length, _tail.Length - _tailLength);
            bytes[..count].CopyTo(_tail.AsSpan(_tailLength));
            _tailLength += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Appends bytes without copying them: they are not to change before <see cref="Clear"/>.</summary>
    public void Refer(ReadOnlyMemory<byte> bytes)
    {
        Extend(bytes.Length);
        Seal();
        _parts.Add(bytes);
    }

    public void WriteTo(Stream stream)
    {
        Seal();
        foreach (ReadOnlyMemory<byte> part in _parts)
        {
            stream.Write(part.Span);
        }
    }

    public void Clear()
    {
        _parts.Clear();
        foreach (byte[] array in _rented)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        _rented.Clear();
        _tail = [];
        _tailStart = 0;
        _tailLength = 0;
        Length = 0;
    }

    public void Dispose() => Clear();

    // What follows goes into the rest of the same array, as a part of its own.
    private void Seal()
    {
        if (_tailLength > _tailStart)
        {
            _parts.Add(_tail.AsMemory(_tailStart.._tailLength));
            _tailStart = _tailLength;
        }
    }

    private void Extend(int count)
    {
        if (count > Array.MaxLength - Length)
        {
            throw new InvalidOperationException("A column of one row group takes more than 2 GiB: write smaller row groups.");
        }

        Length += count;
    }
}
