using System.IO.Compression;
using System.Security.Cryptography;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// Unpacks gzip and notices a file that was cut off, which the platform's reader takes for one that has ended. To
/// tell, a member with known content is put behind the source's end: it comes out whole only if the source ended where
/// a member ends (RFC 1952, section 2.2: members simply follow each other).
/// </summary>
internal sealed class GzipText : ForwardStream
{
    private static readonly byte[] Mark = SHA256.HashData("the end of a gzip source"u8);
    private static readonly byte[] PackedMark = Pack(Mark);

    private const string Fault = "the gzip data are damaged or cut off; whole records before that place were taken in";

    private readonly GZipStream _unpacked;

    private readonly Tail _source;
    private bool _ended;

    internal GzipText(Stream packed)
    {
        _source = new Tail(packed);
        _unpacked = new GZipStream(_source, CompressionMode.Decompress);
    }

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
            if (read > 0)
            {
                return read;
            }

            // Nothing of the mark was shown to the reader until now, so what came out before is the source's own.
            _source.ShowMark();
            Span<byte> mark = stackalloc byte[Mark.Length + 1];
            _ended = true;
            if (mark[.._unpacked.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false)].SequenceEqual(Mark))
            {
                return 0;
            }
        }
        catch (InvalidDataException e)
        {
            _ended = true;
            throw new InvalidDataException(Fault, e);
        }

        throw new InvalidDataException(Fault);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    // The source, and behind its end, once it is asked for, the mark. The source stays open.
    private sealed class Tail(Stream source) : ForwardStream
    {
        private ReadOnlyMemory<byte> _mark;
        private bool _isShown;

        internal void ShowMark()
        {
            _isShown = true;
            _mark = PackedMark;
        }

        public override int Read(Span<byte> buffer)
        {
            if (!_isShown)
            {
                return source.Read(buffer);
            }

            int taken = Math.Min(buffer.Length, _mark.Length);
            _mark.Span[..taken].CopyTo(buffer);
            _mark = _mark[taken..];
            return taken;
        }
    }
}
