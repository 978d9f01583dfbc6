using ZstdSharp;

namespace OrleansLake.Engine.Ingest;

/// <summary>Unpacks Zstandard (RFC 8878): frames, one after another, and skippable ones between them.</summary>
internal sealed class ZstdText(Stream packed) : ForwardStream
{
    private const string Fault = "the zstd data are damaged or cut off; whole records before that place were taken in";

    private readonly DecompressionStream _unpacked = new(packed, leaveOpen: true);
    private bool _ended;

    /// <summary>Whether a stream begins with a frame, or with one to skip.</summary>
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
            return read;
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            _ended = true;
            throw new InvalidDataException(e is ZstdException ? $"{Fault} ({e.Message})" : Fault, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
