using ZstdSharp;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>Zstandard (RFC 8878) of pages. A thread's tables are kept for its next page.</summary>
internal static class Zstandard
{
    // On 2 M messages from text to gold: -1 saves 4 % of silver, 1 saves 41 % for 0.14 of 1.9 s of processor time, 2 saves 42 % for 0.4 s.
    private const int Level = 1;

    [ThreadStatic]
    private static ZstdSharp.Compressor? _compressor;

    [ThreadStatic]
    private static ZstdSharp.Decompressor? _decompressor;

    /// <summary>Gets the most bytes that so many can become.</summary>
    public static int BytesMax(int length) => ZstdSharp.Compressor.GetCompressBound(length);

    /// <summary>Compresses bytes into a span of at least <see cref="BytesMax"/> bytes, and returns how many they became.</summary>
    public static int Compress(ReadOnlySpan<byte> from, Span<byte> into) => (_compressor ??= new ZstdSharp.Compressor(Level)).Wrap(from, into);

    /// <summary>Fills a span with what frames stand for; false if they are damaged or stand for another number of bytes.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> from, Span<byte> into)
    {
        try
        {
            return (_decompressor ??= new ZstdSharp.Decompressor()).Unwrap(from, into) == into.Length;
        }
        catch (ZstdException)
        {
            return false;
        }
    }
}
