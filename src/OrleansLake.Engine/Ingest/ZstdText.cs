using OrleansLake.Core;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace OrleansLake.Engine.Ingest;

/// <summary>Unpacks Zstandard (RFC 8878): frames, one after another, and skippable ones between them.</summary>
internal sealed class ZstdText(Stream packed) : ReadOnlyStream
{
    private readonly DecompressionStream _unpacked = new(packed, leaveOpen: true);
    private bool _hasBegun;
    private bool _ended;

    /// <summary>Returns whether a stream begins with a frame, or with one to skip.</summary>
    internal static bool IsPacked(ReadOnlySpan<byte> firstBytes) =>
        firstBytes is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..];

    /// <exception cref="InvalidDataException">The source is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            int read = _unpacked.Read(buffer);
            _ended = read == 0;
            _hasBegun |= read > 0;
            return read;
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            _ended = true;
            throw new InvalidDataException(FaultOf((e as ZstdException)?.Code, _hasBegun), e);
        }
    }

    private static string FaultOf(ZSTD_ErrorCode? code, bool hasBegun) => code switch
    {
        ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge =>
            "its zstd frame needs a window of more than 128 MiB of memory, which is refused; unpack it first (zstd -dc --long=31 FILE | lake ingest -)",
        ZSTD_ErrorCode.ZSTD_error_dictionary_wrong or ZSTD_ErrorCode.ZSTD_error_dictionary_corrupted =>
            "it was packed by zstd with a dictionary, without which it cannot be read; unpack it first (zstd -dc -D DICTIONARY FILE | lake ingest -)",

        // Where a frame begins: it began with one, so all of it up to there was whole.
        ZSTD_ErrorCode.ZSTD_error_prefix_unknown => $"the zstd data are followed by bytes that are not zstd; {TextSource.BeforeCut}",
        // Nothing came out, so no frame has ended that others could follow.
        null when !hasBegun => $"the zstd data are cut off; {TextSource.BeforeCut}",
        null => $"the zstd data are cut off, or followed by bytes that are not zstd; {TextSource.BeforeCut}",
        _ => $"the zstd data are damaged; {TextSource.BeforeDamage}",
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
