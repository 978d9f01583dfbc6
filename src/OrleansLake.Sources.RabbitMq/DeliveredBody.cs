using System.Buffers;
using System.Globalization;
using Microsoft.Net.Http.Headers;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Input;
using OrleansLake.Server.Messages;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>The body of a delivery, unpacked; or why it is not read.</summary>
/// <param name="Bytes">The messages as text; of what is not read, the bytes as they came, or the first of them.</param>
/// <param name="IsJsonText">Whether a message may span several lines.</param>
/// <param name="Refusal">The reason why it is not read; null if it is.</param>
/// <param name="IsWhole">Whether all of its bytes are here.</param>
internal sealed record DeliveredBody(ReadOnlyMemory<byte> Bytes, bool IsJsonText, Refusal? Refusal = null, bool IsWhole = true)
{
    /// <summary>The number of bytes that are kept of a delivery that is larger than the limit.</summary>
    private const int KeptBytesMax = 1024 * 1024;

    private const string Dialects = $"JSON is read, as {MessageTypes.Known}, or as text/plain, application/octet-stream or without a type";

    // What says nothing about the text that it stands for.
    private static readonly string[] UntoldTypes = ["text/plain", "application/octet-stream"];

    internal static DeliveredBody Of(RabbitDelivery delivery, int bytesMax)
    {
        if (delivery.Body.Length > bytesMax)
        {
            return new DeliveredBody(
                delivery.Body[..Math.Min(KeptBytesMax, delivery.Body.Length)], false,
                new Refusal(RejectionReason.TooLong, string.Create(CultureInfo.InvariantCulture, $"the delivery has {delivery.Body.Length} bytes, but at most {bytesMax} are accepted; the first {Math.Min(KeptBytesMax, delivery.Body.Length)} are kept here")),
                IsWhole: false);
        }

        if (TypeRefusal(delivery.ContentType, out bool isLines) is { } wrongType)
        {
            return new DeliveredBody(delivery.Body, false, new Refusal(RejectionReason.NotReadable, wrongType));
        }

        // That the text is UTF-8 is an encoding to some clients.
        ReadOnlyMemory<byte> bytes = delivery.Body;
        if (delivery.IsPacked)
        {
            (bytes, Refusal? damaged) = Unpack(delivery.Body, bytesMax);
            if (damaged is not null)
            {
                return new DeliveredBody(delivery.Body, false, damaged);
            }
        }
        else if (delivery.ContentEncoding?.Trim().ToLowerInvariant() is not (null or "" or "identity" or "utf-8" or "utf8"))
        {
            return new DeliveredBody(
                delivery.Body, false, new Refusal(RejectionReason.NotReadable, $"the content encoding is '{delivery.ContentEncoding}', but only gzip is unpacked"));
        }

        if (KnownBytes.KindOfBody(bytes.Span[..Math.Min(bytes.Length, KnownBytes.LookedAtBytes)]) is { } kind)
        {
            string advice = kind.EndsWith("gzip", StringComparison.Ordinal) ? delivery.IsPacked ? "; pack it once" : "; give it the content encoding gzip" : "";
            return new DeliveredBody(
                delivery.Body, false,
                new Refusal(RejectionReason.NotReadable, $"the delivery cannot be read{(delivery.IsPacked ? " once it is unpacked" : "")}: {kind}, but JSON in UTF-8 is expected{advice}"));
        }

        return bytes.Span.ContainsAnyExcept(" \t\r\n,"u8)
            ? new DeliveredBody(bytes, !isLines)
            : new DeliveredBody(delivery.Body, false, new Refusal(RejectionReason.NotReadable, "the delivery is empty, but a JSON object is expected"));
    }

    private static string? TypeRefusal(string? type, out bool isLines)
    {
        isLines = false;
        if (string.IsNullOrWhiteSpace(type))
        {
            return null;
        }

        if (!MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? media))
        {
            return $"the content type '{type}' cannot be read; {Dialects}";
        }

        if ((MessageTypes.IsJsonText(media) ?? (UntoldTypes.Contains(media.MediaType.ToString(), StringComparer.OrdinalIgnoreCase) ? true : null)) is not { } isJsonText)
        {
            return $"the content type is '{type}', but {Dialects}";
        }

        isLines = !isJsonText;
        return MessageTypes.IsUtf8(media) ? null : $"the content type is '{type}', but only UTF-8 is read";
    }

    private static (ReadOnlyMemory<byte> Bytes, Refusal? Refusal) Unpack(ReadOnlyMemory<byte> packed, int bytesMax)
    {
        if (packed.IsEmpty)
        {
            return (packed, null);
        }

        try
        {
            using var unpacked = new GzipText(new SequenceStream(new ReadOnlySequence<byte>(packed)), "nothing of the delivery was read");
            using var text = new MemoryStream();
            byte[] buffer = new byte[64 * 1024];
            int read;
            while ((read = unpacked.Read(buffer)) > 0)
            {
                text.Write(buffer, 0, read);
                if (text.Length > bytesMax)
                {
                    return (default, new Refusal(RejectionReason.TooLong, string.Create(CultureInfo.InvariantCulture, $"the delivery has more than {bytesMax} bytes once it is unpacked, which is the limit")));
                }
            }

            return (text.GetBuffer().AsMemory(0, (int)text.Length), null);
        }
        catch (InvalidDataException e)
        {
            return (default, new Refusal(RejectionReason.NotReadable, e.Message));
        }
    }
}
