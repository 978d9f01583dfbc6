using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>Values one after the other, and split by bytes.</summary>
internal static class PlainDecoder
{
    private const int JulianDayOfEpoch = 2_440_588;
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>Values of one size, little-endian as every machine that .NET runs on here.</summary>
    public static unsafe void Decode<T>(ReadOnlySpan<byte> from, Span<T> into)
        where T : unmanaged
    {
        if (typeof(T) == typeof(bool))
        {
            DecodeBooleans(from, MemoryMarshal.Cast<T, byte>(into));
            return;
        }

        long bytes = (long)into.Length * sizeof(T);
        if (bytes > from.Length)
        {
            throw Short();
        }

        from[..(int)bytes].CopyTo(MemoryMarshal.AsBytes(into));
    }

    /// <summary>
    /// Decodes INT96: the nanoseconds of a day (8 bytes) and its Julian number (4 bytes), to microseconds since 1970. What is
    /// finer than a microsecond is cut off downward.
    /// </summary>
    /// <param name="from">The values.</param>
    /// <param name="into">The buffer to fill.</param>
    /// <param name="clamps">Whether what is out of range becomes the first or last instant, instead of failing.</param>
    public static void DecodeInt96(ReadOnlySpan<byte> from, Span<long> into, bool clamps)
    {
        if ((long)into.Length * 12 > from.Length)
        {
            throw Short();
        }

        for (int i = 0; i < into.Length; i++)
        {
            long nanos = BinaryPrimitives.ReadInt64LittleEndian(from[(12 * i)..]);
            long day = (long)BinaryPrimitives.ReadInt32LittleEndian(from[((12 * i) + 8)..]) - JulianDayOfEpoch;
            long micros = nanos >= 0 ? nanos / 1000 : -((-(nanos + 1) / 1000) + 1);
            if (Math.Abs(day) > (long.MaxValue / MicrosPerDay) - 200_000)
            {
                into[i] = !clamps ? throw new ParquetException(ParquetErrorKind.TypeMismatch, "An INT96 timestamp is out of the range of microseconds.")
                    : day > 0 ? long.MaxValue : long.MinValue;
                continue;
            }

            into[i] = (day * MicrosPerDay) + micros;
        }
    }

    /// <summary>Decodes the first bytes of all values, then the second bytes, and so on.</summary>
    public static unsafe void DecodeByteStreamSplit<T>(ReadOnlySpan<byte> from, Span<T> into)
        where T : unmanaged =>
        JoinStreams(from, sizeof(T), into.Length, MemoryMarshal.AsBytes(into));

    /// <summary>Brings split values of any width together.</summary>
    public static void JoinStreams(ReadOnlySpan<byte> from, int width, int count, Span<byte> into)
    {
        if ((long)count * width > from.Length)
        {
            throw Short();
        }

        for (int b = 0; b < width; b++)
        {
            ReadOnlySpan<byte> stream = from.Slice(b * count, count);
            for (int i = 0; i < stream.Length; i++)
            {
                into[(i * width) + b] = stream[i];
            }
        }
    }

    private static void DecodeBooleans(ReadOnlySpan<byte> from, Span<byte> into)
    {
        if (((long)into.Length + 7) >> 3 > from.Length)
        {
            throw Short();
        }

        for (int i = 0; i < into.Length; i++)
        {
            into[i] = (byte)(from[i >> 3] >> (i & 7) & 1);
        }
    }

    private static ParquetException Short() => ParquetException.Corrupt("A page's values end too early.");
}
