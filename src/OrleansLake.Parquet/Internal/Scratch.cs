using System.Buffers;

namespace OrleansLake.Parquet.Internal;

/// <summary>An array of the shared pool that grows without keeping what it held; its creator disposes it.</summary>
internal sealed class Scratch<T> : IDisposable
    where T : unmanaged
{
    private T[] _values = [];

    /// <summary>Returns a span for values, whose content is undefined unless nothing was asked for since they were set.</summary>
    public Span<T> Span(int count)
    {
        if (count > _values.Length)
        {
            Dispose();
            _values = ArrayPool<T>.Shared.Rent(count);
        }

        return _values.AsSpan(0, count);
    }

    /// <summary>Returns the same as memory.</summary>
    public Memory<T> Memory(int count)
    {
        Span(count);
        return _values.AsMemory(0, count);
    }

    public void Dispose()
    {
        if (_values.Length != 0)
        {
            ArrayPool<T>.Shared.Return(_values);
            _values = [];
        }
    }
}
