using System.IO.Compression;
using Snappier;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>Undoes the codecs. What comes out must be exactly as long as the page's header says.</summary>
internal static class Decompressor
{
    /// <summary>Fills a span with what compressed bytes stand for.</summary>
    /// <exception cref="ParquetException">They do not stand for exactly that many bytes, or the codec is not read.</exception>
    public static void Decompress(Codec codec, ReadOnlySpan<byte> from, Span<byte> into)
    {
        if (into.Length == 0 && from.Length == 0)
        {
            return;
        }

        bool isWhole = codec switch
        {
            Codec.None => Copy(from, into),
            Codec.Snappy => OfSnappy(from, into),
            Codec.Gzip => Gzip(from, into),
            Codec.Brotli => BrotliDecoder.TryDecompress(from, into, out int written) && written == into.Length,
            Codec.Lz4Raw => Lz4Block.TryDecompress(from, into, out int written) && written == into.Length,
            Codec.Lz4Hadoop => Lz4Hadoop.TryDecompress(from, into),
            Codec.Zstd => Zstandard.TryDecompress(from, into),
            _ => throw ParquetException.Unsupported($"The codec {codec} is not read."),
        };
        if (!isWhole)
        {
            throw ParquetException.Corrupt($"A page is not valid {codec} data of {into.Length} bytes.");
        }
    }

    private static bool Copy(ReadOnlySpan<byte> from, Span<byte> into)
    {
        if (from.Length != into.Length)
        {
            return false;
        }

        from.CopyTo(into);
        return true;
    }

    private static bool OfSnappy(ReadOnlySpan<byte> from, Span<byte> into)
    {
        try
        {
            return Snappy.GetUncompressedLength(from) == into.Length && Snappy.Decompress(from, into) == into.Length;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return false;
        }
    }

    private static unsafe bool Gzip(ReadOnlySpan<byte> from, Span<byte> into)
    {
        if (from.IsEmpty)
        {
            // No address stands for an empty span.
            return false;
        }

        try
        {
            fixed (byte* start = from)
            {
                using var source = new UnmanagedMemoryStream(start, from.Length);
                using var gzip = new GZipStream(source, CompressionMode.Decompress);
                return gzip.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length && gzip.ReadByte() < 0;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
