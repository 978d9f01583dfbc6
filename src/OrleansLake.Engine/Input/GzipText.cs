using System.IO.Compression;
using System.Security.Cryptography;
using OrleansLake.Core;

namespace OrleansLake.Engine.Input;

/// <summary>
/// Unpacks gzip (RFC 1952) and notices whatever is not a whole stream of members: the platform's reader takes one that
/// was cut off for one that has ended, and leaves out what follows a member and is not one.
/// </summary>
/// <remarks>
/// To detect a cut, a member with known content is put behind the source's end: it comes out whole only if the source ended
/// where a member ends. Zeros after a member are padding, as tapes and other programs have it; anything else is refused.
/// </remarks>
internal sealed class GzipText : ReadOnlyStream
{
    private static readonly byte[] Mark = SHA256.HashData("the end of a gzip source"u8);
    private static readonly byte[] PackedMark = Pack(Mark);

    private readonly GzipInput _input;
    private readonly string _consequence;
    private readonly string _consequenceOfDamage;
    private GZipStream _unpacked;
    private bool _isDone;
    private InvalidDataException? _failure;

    /// <param name="packed">The packed bytes; it stays open.</param>
    /// <param name="consequence">What becomes of what was read, for the message of a failure.</param>
    /// <param name="consequenceOfDamage">The same where the data are not what their checksum says; null if it is the same.</param>
    internal GzipText(Stream packed, string consequence, string? consequenceOfDamage = null)
    {
        _input = new GzipInput(packed);
        _consequence = consequence;
        _consequenceOfDamage = consequenceOfDamage ?? consequence;
        _unpacked = NextMember();
    }

    /// <exception cref="InvalidDataException">The source is cut off, damaged, or not gzip throughout.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_failure is { } failure && !buffer.IsEmpty)
        {
            _failure = null;
            throw failure;
        }

        if (_isDone || buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            while (true)
            {
                int read = _unpacked.Read(buffer);
                if (read > 0)
                {
                    return read;
                }

                if (_input.IsEnded)
                {
                    _isDone = true;
                    return IsWhole() ? 0 : throw Failure("are cut off", _consequence);
                }

                // It stopped behind a member, at what does not begin another one.
                if (!_input.IsAtPadding)
                {
                    throw Failure("are followed by bytes that are not gzip", _consequence);
                }

                if (!_input.SkipPadding())
                {
                    _isDone = true;
                    return 0;
                }

                _unpacked.Dispose();
                _unpacked = NextMember();
            }
        }
        catch (InvalidDataException e) when (!_isDone)
        {
            _isDone = true;
            if (e.Data.Contains(nameof(GzipText)))
            {
                throw;
            }

            InvalidDataException damage = Failure("are damaged", _consequenceOfDamage, e);
            int unpacked = GzipProgress.Unpacked(_unpacked, buffer.Length);
            _failure = unpacked > 0 ? damage : null;
            return unpacked > 0 ? unpacked : throw damage;
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

    // Nothing of the mark was shown to the reader until now, so what came out before is the source's own.
    private bool IsWhole()
    {
        _input.Append(PackedMark);
        Span<byte> mark = stackalloc byte[Mark.Length + 1];
        try
        {
            return mark[.._unpacked.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false)].SequenceEqual(Mark);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private GZipStream NextMember() => new(_input, CompressionMode.Decompress, leaveOpen: true);

    private InvalidDataException Failure(string what, string consequence, Exception? cause = null) =>
        new($"{(_input.IsOther ? "the data are not gzip, which begins with the bytes 1F 8B" : $"the gzip data {what}")}; {consequence}", cause) { Data = { [nameof(GzipText)] = true } };

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
