using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace OrleansLake.Client.Http;

/// <summary>Messages as a request's body. It can be sent again.</summary>
internal sealed class SequenceContent : HttpContent
{
    private readonly ReadOnlySequence<byte> _bytes;

    internal SequenceContent(ReadOnlySequence<byte> bytes)
    {
        _bytes = bytes;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (ReadOnlyMemory<byte> part in _bytes)
        {
            await stream.WriteAsync(part).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
