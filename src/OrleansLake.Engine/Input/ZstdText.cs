using OrleansLake.Core;
using ZstdSharp.Unsafe;

namespace OrleansLake.Engine.Input;

/// <summary>Unpacks Zstandard (RFC 8878): frames, one after another, and skippable ones between them.</summary>
/// <remarks>
/// It is given as many bytes as it asks for, so each call unpacks one block: the blocks before a damaged one come out whole,
/// however the bytes arrive.
/// </remarks>
internal sealed unsafe class ZstdText(Stream packed) : ReadOnlyStream
{
    private const int BufferBytes = 64 * 1024;

    // What it asks for of a block that is not the last includes the header of the next one, which may be damaged.
    private const int BlockHeaderBytes = 3;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private ZSTD_DCtx_s* _context = Methods.ZSTD_createDCtx();
    private int _at;
    private int _end;
    private nuint _asked;
    private bool _mayHoldMore;
    private bool _hasBegun;
    private bool _ended;

    ~ZstdText() => Free();

    /// <summary>Returns whether a stream begins with a frame, or with one to skip.</summary>
    internal static bool IsPacked(ReadOnlySpan<byte> firstBytes) =>
        firstBytes is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..];

    /// <exception cref="InvalidDataException">The source is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context is null, this);
        while (!_ended && !buffer.IsEmpty)
        {
            if (!_mayHoldMore && _at == _end && !Fill())
            {
                _ended = true;
                return _asked == 0 ? 0 : throw Failure(null);
            }

            if (Unpack(buffer) is > 0 and var unpacked)
            {
                _hasBegun = true;
                return unpacked;
            }
        }

        return 0;
    }

    private bool Fill()
    {
        _at = 0;
        _end = packed.Read(_buffer);
        return _end > 0;
    }

    private int Unpack(Span<byte> buffer)
    {
        int wanted = _asked > BlockHeaderBytes ? (int)Math.Min(_asked - BlockHeaderBytes, BufferBytes) : BlockHeaderBytes;
        int given = _mayHoldMore ? 0 : Math.Min(wanted, _end - _at);
        fixed (byte* from = _buffer)
        fixed (byte* to = buffer)
        {
            var input = new ZSTD_inBuffer_s { src = from + _at, size = (nuint)given };
            var output = new ZSTD_outBuffer_s { dst = to, size = (nuint)buffer.Length };
            nuint asked = Methods.ZSTD_decompressStream(_context, &output, &input);
            if (Methods.ZSTD_isError(asked))
            {
                _ended = true;
                throw Failure(Methods.ZSTD_getErrorCode(asked));
            }

            _at += (int)input.pos;
            _asked = asked;
            _mayHoldMore = output.pos == output.size;
            return (int)output.pos;
        }
    }

    private InvalidDataException Failure(ZSTD_ErrorCode? code) => new(FaultOf(code, _hasBegun));

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
        Free();
        base.Dispose(disposing);
    }

    private void Free()
    {
        if (_context is not null)
        {
            Methods.ZSTD_freeDCtx(_context);
            _context = null;
        }
    }
}
