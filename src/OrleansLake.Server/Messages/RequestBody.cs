using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Sending;
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

    private readonly ByteBudget _budget;
    private readonly PipeReader _reader;
    private readonly CancellationToken _over;
    private BodyPace? _pace;
    private byte[]? _rented;
    private long _taken;
    private ReadOnlySequence<byte> _inPlace;
    private bool _isInPlace;

    private RequestBody(ByteBudget budget, PipeReader reader, CancellationToken over)
    {
        _budget = budget;
        _reader = reader;
        _over = over;
    }

    /// <summary>Gets the bytes. Valid until this is disposed.</summary>
    internal ReadOnlySequence<byte> Bytes { get; private set; }

    /// <summary>Reads a request's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limits">The server's bounds.</param>
    /// <param name="budget">The memory that there is for bodies.</param>
    /// <param name="over">When the server stops, and waits no longer.</param>
    /// <param name="isForm">Whether it is a form: its bytes are those of the JSON object that it is read as.</param>
    /// <exception cref="RequestException">It cannot be taken.</exception>
    internal static async ValueTask<RequestBody> ReadAsync(HttpContext context, LakeServerLimits limits, ByteBudget budget, CancellationToken over, bool isForm = false)
    {
        if (context.Request.ContentLength > limits.BodyBytesMax)
        {
            throw TooLarge("body", limits.BodyBytesMax);
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // The server's own rate asks nobody how large the body is.
            rate.MinDataRate = null;
        }

        var body = new RequestBody(budget, context.Request.BodyReader, over);
        try
        {
            bool isGzip = IsGzip(context);

            // A connection that breaks ends a read by itself; a token for it would be made for every request that asks for one.
            await body.ReadPlainAsync(limits).ConfigureAwait(false);
            if (isGzip && !body.Bytes.IsEmpty)
            {
                body.Unpack(limits);
            }
            else if (body.Bytes.FirstSpan is [0x1F, 0x8B, ..])
            {
                throw RequestException.Bad("bad-gzip", "The body is gzip, but no Content-Encoding says so; send it with Content-Encoding: gzip. Nothing was stored.");
            }

            if (isForm)
            {
                body.ReadForm(limits);
            }
            else
            {
                CheckIsText(body.Bytes, isGzip);
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
        _pace?.Dispose();
        EndInPlace();
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
        long seen = 0;
        while (true)
        {
            ReadResult read = await ReadAsync(limits, seen, seen - length).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            seen = length + buffer.Length;
            if (length + buffer.Length > limits.BodyBytesMax)
            {
                _reader.AdvanceTo(buffer.End);
                throw TooLarge("body", limits.BodyBytesMax);
            }

            if (read.IsCompleted && length == 0)
            {
                TakeInPlace(buffer);
                Bytes = _inPlace = buffer;
                _isInPlace = true;
                return;
            }

            if (!read.IsCompleted && length == 0 && buffer.Length <= limits.SlowBodyBytesMax)
            {
                // Little of it yet: it stays where the connection put it, so that who is slow holds no memory for nothing.
                _reader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            EnsureFor(buffer, length);
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

    // What is there already is taken without a clock.
    private ValueTask<ReadResult> ReadAsync(LakeServerLimits limits, long received, long held) =>
        _pace is null && _reader.TryRead(out ReadResult ready) ? ValueTask.FromResult(ready) : (_pace ??= new BodyPace(_reader, limits, _over)).ReadAsync(received, held);

    // Told once for all of it: as lines it would be pieces in the quarantine, and its key used up.
    private static void CheckIsText(ReadOnlySequence<byte> bytes, bool isGzip)
    {
        if (KnownBytes.MayBeJson(bytes.FirstSpan))
        {
            return;
        }

        Span<byte> start = stackalloc byte[KnownBytes.LookedAtBytes];
        ReadOnlySequence<byte> first = bytes.Slice(0, Math.Min(bytes.Length, start.Length));
        first.CopyTo(start);
        start = start[..(int)first.Length];
        if (start is [0x1F, 0x8B, ..])
        {
            throw RequestException.Bad("bad-gzip", "The body is packed with gzip twice, but Content-Encoding names it once: pack it once. Nothing was stored.");
        }

        if (KnownBytes.KindOfBody(start) is { } kind)
        {
            throw RequestException.Bad("not-json", $"The body cannot be read{(isGzip ? " once it is unpacked" : "")}: {kind}, but JSON in UTF-8 is expected, as it is or with Content-Encoding: gzip. Nothing was stored.");
        }
    }

    private static bool IsGzip(HttpContext context)
    {
        switch (context.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant())
        {
            case "" or "identity":
                return false;
            case "gzip" or "x-gzip":
                return true;
            default:
                context.Response.Headers.AcceptEncoding = "gzip";
                throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-encoding", "The body's Content-Encoding can be gzip, once, or none.");
        }
    }

    // Packed bodies are small: to have them whole before they are unpacked costs little, and nothing is stored of one that is cut off.
    private void Unpack(LakeServerLimits limits)
    {
        byte[]? packed = _rented;
        long packedTaken = _taken;
        _rented = null;
        int length = 0;
        try
        {
            using var unpacked = new GzipText(new SequenceStream(Bytes), "nothing was stored. Send the body again, whole");
            while (true)
            {
                Ensure(length, length + 1);
                int read = unpacked.Read(_rented.AsSpan(length));
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
            throw RequestException.Bad("bad-gzip", $"The body cannot be unpacked: {e.Message}.");
        }
        finally
        {
            if (packed is not null)
            {
                ArrayPool<byte>.Shared.Return(packed);
            }
        }

        EndInPlace();
        _budget.Release(packedTaken);
        _taken -= packedTaken;
        Bytes = new ReadOnlySequence<byte>(_rented.AsMemory(0, length));
    }

    private void ReadForm(LakeServerLimits limits)
    {
        ReadOnlySpan<byte> form = Bytes.IsSingleSegment ? Bytes.FirstSpan : Bytes.ToArray();
        if (form.Trim(" \t\r\n"u8).IsEmpty)
        {
            return;
        }

        if (!FormText.MayBe(form))
        {
            throw new RequestException(
                StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type",
                $"The Content-Type is {MessageTypes.Form}, but the body is not a form (name=value&name=value). curl -d says so where no other is given: -H 'Content-Type: application/x-ndjson' for lines of JSON, application/json for JSON.");
        }

        var json = new ArrayBufferWriter<byte>(form.Length + 64);
        if (!FormText.TryWriteJson(form, json, out string? error))
        {
            throw RequestException.Bad("bad-form", $"The form cannot be read: {error}. Nothing was stored.");
        }

        if (json.WrittenCount > limits.UnpackedBytesMax)
        {
            throw TooLarge("form, as JSON,", limits.UnpackedBytesMax);
        }

        Take(json.WrittenCount);
        Bytes = new ReadOnlySequence<byte>(json.WrittenMemory);
    }

    private void EndInPlace()
    {
        if (_isInPlace)
        {
            _isInPlace = false;
            _reader.AdvanceTo(_inPlace.End);
        }
    }

    // What is refused is given back all the same: Kestrel reads on behind it, and cannot while it is lent.
    private void TakeInPlace(in ReadOnlySequence<byte> buffer)
    {
        try
        {
            Take((int)buffer.Length);
        }
        catch
        {
            _reader.AdvanceTo(buffer.End);
            throw;
        }
    }

    private void EnsureFor(in ReadOnlySequence<byte> buffer, int used)
    {
        try
        {
            Ensure(used, used + (int)buffer.Length);
        }
        catch
        {
            _reader.AdvanceTo(buffer.End);
            throw;
        }
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
        string.Create(CultureInfo.InvariantCulture, $"The {what} is larger than {max} bytes, which is the limit of one request; send fewer messages at a time (one alone cannot be larger, either)."));
}
