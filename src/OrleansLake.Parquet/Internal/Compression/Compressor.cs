using System.IO.Compression;
using Snappier;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>The codecs that are written. The same bytes always give the same bytes.</summary>
internal static class Compressor
{
    // Brotli's levels: 4 is where its ratio passes gzip's at a like speed. Window 22: its default, 4 MiB.
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 22;

    /// <summary>Appends the compressed form of bytes.</summary>
    public static void Compress(Codec codec, ReadOnlySpan<byte> from, OutputBuffer into)
    {
        switch (codec)
        {
            case Codec.None:
                into.Write(from);
                break;
            case Codec.Snappy:
                into.Advance(Snappy.Compress(from, into.Reserve(Snappy.GetMaxCompressedLength(from.Length))));
                break;
            case Codec.Zstd:
                into.Advance(Zstandard.Compress(from, into.Reserve(Zstandard.BytesMax(from.Length))));
                break;
            case Codec.Lz4Raw:
                into.Advance(Lz4Compressor.Compress(from, into.Reserve(Lz4Compressor.BytesMax(from.Length))));
                break;
            case Codec.Brotli:
                Span<byte> room = into.Reserve(BrotliEncoder.GetMaxCompressedLength(from.Length));
                if (!BrotliEncoder.TryCompress(from, room, out int written, BrotliQuality, BrotliWindow))
                {
                    throw new InvalidOperationException("Brotli's own bound on its output was too small.");
                }

                into.Advance(written);
                break;
            case Codec.Gzip:
                using (var gzip = new GZipStream(new OutputStream(into), CompressionLevel.Optimal))
                {
                    gzip.Write(from);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "This codec is not written.");
        }
    }
}
