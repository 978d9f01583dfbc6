using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Messages;

/// <summary>
/// A request's body as one piece of memory, unpacked, within the server's bounds. What came in one piece is used where
/// the connection put it; the rest is copied once, into a rented array that grows with what really came, not with what
/// the client says.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 64 * 1024;

    private readonly BodyBudget _budget;
    private readonly PipeReader _reader;
    private byte[]? _rented;
    private long _taken;
    private ReadOnlySequence<byte> _inPlace;
    private bool _isInPlace;

    private RequestBody(BodyBudget budget, PipeReader reader)
    {
        _budget = budget;
        _reader = reader;
    }

    /// <summary>The bytes. Valid until this is disposed.</summary>
    internal ReadOnlySequence<byte> Bytes { get; private set; }

    internal static async ValueTask<RequestBody> ReadAsync(HttpContext context, LakeServerLimits limits, BodyBudget budget)
    {
        if (context.Request.ContentLength > limits.BodyBytesMax)
        {
            throw TooLarge("body", limits.BodyBytesMax);
        }

        var body = new RequestBody(budget, context.Request.BodyReader);
        try
        {
            // A connection that breaks ends a read by itself; a token for it is made anew for every request that asks for one.
            switch (context.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant())
            {
                case "" or "identity":
                    await body.ReadPlainAsync(limits).ConfigureAwait(false);
                    break;
                case "gzip" or "x-gzip":
                    await body.ReadGzipAsync(limits).ConfigureAwait(false);
                    break;
                default:
                    throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-encoding", "The body's Content-Encoding can be gzip, or none.");
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_isInPlace)
        {
            _isInPlace = false;
            _reader.AdvanceTo(_inPlace.End);
        }

        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _budget.Release(_taken);
        _taken = 0;
    }

    private async ValueTask ReadPlainAsync(LakeServerLimits limits)
    {
        int length = 0;
        while (true)
        {
            ReadResult read = await _reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (length + buffer.Length > limits.BodyBytesMax)
            {
                _reader.AdvanceTo(buffer.End);
                throw TooLarge("body", limits.BodyBytesMax);
            }

            if (read.IsCompleted && length == 0)
            {
                Take((int)buffer.Length);
                Bytes = _inPlace = buffer;
                _isInPlace = true;
                return;
            }

            Ensure(length, length + (int)buffer.Length);
            buffer.CopyTo(_rented.AsSpan(length));
            length += (int)buffer.Length;
            _reader.AdvanceTo(buffer.End);
            if (read.IsCompleted)
            {
                Bytes = new ReadOnlySequence<byte>(_rented.AsMemory(0, length));
                return;
            }
        }
    }

    private async ValueTask ReadGzipAsync(LakeServerLimits limits)
    {
        using var packed = new BoundedStream(_reader.AsStream(leaveOpen: true), limits.BodyBytesMax);
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        int length = 0;
        try
        {
            while (true)
            {
                Ensure(length, length + 1);
                int read = await unpacked.ReadAsync(_rented.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > limits.UnpackedBytesMax)
                {
                    throw TooLarge("unpacked body", limits.UnpackedBytesMax);
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw RequestException.Bad("bad-gzip", $"The body says that it is gzip, but cannot be unpacked: {e.Message}");
        }

        if (length == 0 && packed.BytesRead > 0)
        {
            throw RequestException.Bad("bad-gzip", "The body says that it is gzip, but holds nothing that can be unpacked.");
        }

        Bytes = new ReadOnlySequence<byte>(_rented.AsMemory(0, length));
    }

    private void Ensure(int used, int needed)
    {
        if (_rented is not null && _rented.Length >= needed)
        {
            return;
        }

        // Twice as much each time, so what is copied again stays below what came.
        byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstBytes, used * 2)));
        try
        {
            Take(grown.Length - (_rented?.Length ?? 0));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(grown);
            throw;
        }

        if (_rented is not null)
        {
            _rented.AsSpan(0, used).CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = grown;
    }

    private void Take(int bytes)
    {
        if (!_budget.TryTake(bytes))
        {
            throw new RequestException(StatusCodes.Status429TooManyRequests, "try-again", "The bodies of other requests fill the memory that there is for them; try again.");
        }

        _taken += bytes;
    }

    private static RequestException TooLarge(string what, int max) => new(
        StatusCodes.Status413PayloadTooLarge, "too-large",
        string.Create(CultureInfo.InvariantCulture, $"The {what} is larger than {max} bytes, the most that is taken at once; send it in parts."));
}
