using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Requests;

/// <summary>A small body of JSON, other than messages.</summary>
internal static class JsonBody
{
    /// <summary>Reads it to its bound and no further, whatever length is claimed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The most bytes that it may have.</param>
    /// <exception cref="RequestException">It is not JSON by its type, or larger.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int bytesMax)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The Content-Type is to be application/json.");
        }

        byte[] bytes = new byte[bytesMax + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted).ConfigureAwait(false);
        return length <= bytesMax ? bytes.AsMemory(0, length)
            : throw new RequestException(StatusCodes.Status413PayloadTooLarge, "too-large", $"The body is larger than {bytesMax} bytes.");
    }
}
