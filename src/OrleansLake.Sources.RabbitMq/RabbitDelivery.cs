using System.Buffers;
using System.Globalization;
using System.Text;
using OrleansLake.Server;
using RabbitMQ.Client.Events;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>A delivery, its body copied: the broker's client takes its memory back. To be disposed.</summary>
internal sealed class RabbitDelivery : IDisposable
{
    private const int KeyBytesMax = 255;

    // The last second that there is.
    private const long MaxUnixSeconds = 253_402_300_799;

    private readonly byte[]? _rented;
    private readonly string _routingKey;
    private readonly IDictionary<string, object?>? _headers;

    /// <param name="delivery">The delivery.</param>
    /// <param name="isKept">Whether its body is kept when it is disposed, or not disposed at all.</param>
    internal RabbitDelivery(BasicDeliverEventArgs delivery, bool isKept = false)
    {
        Tag = delivery.DeliveryTag;
        MessageId = delivery.BasicProperties.MessageId;
        ContentType = delivery.BasicProperties.ContentType;
        ContentEncoding = delivery.BasicProperties.ContentEncoding;
        StreamOffset = delivery.BasicProperties.Headers?.TryGetValue("x-stream-offset", out object? offset) == true ? offset as long? : null;
        Time = delivery.BasicProperties.IsTimestampPresent() ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(delivery.BasicProperties.Timestamp.UnixTime, 0, MaxUnixSeconds)) : default;
        _routingKey = delivery.RoutingKey;
        _headers = delivery.BasicProperties.Headers;
        _rented = isKept ? null : ArrayPool<byte>.Shared.Rent(delivery.Body.Length);
        byte[] body = _rented ?? new byte[delivery.Body.Length];
        delivery.Body.CopyTo(body);
        Body = body.AsMemory(0, delivery.Body.Length);
    }

    internal ulong Tag { get; }

    internal string? MessageId { get; }

    internal string? ContentType { get; }

    internal string? ContentEncoding { get; }

    /// <summary>Gets a value indicating whether it says that it is gzip.</summary>
    internal bool IsPacked => ContentEncoding?.Trim() is { } encoding && (encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || encoding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets its place in a stream; null if it comes from a queue.</summary>
    internal long? StreamOffset { get; }

    /// <summary>Gets the time that its publisher gave it; the least there is: none.</summary>
    internal DateTimeOffset Time { get; }

    internal ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the routing key.</summary>
    internal ReadOnlyMemory<byte> Key => Encoding.UTF8.GetBytes(_routingKey);

    /// <summary>Gets the routing key and the headers, as members of a JSON object.</summary>
    internal string Attributes => HeaderJson.Of(_routingKey, _headers);

    /// <summary>Returns the key by which it is known when it comes again; null if nothing distinguishes it from others.</summary>
    /// <param name="window">See <see cref="RabbitQueue.KeyWindow"/>.</param>
    internal string? KeyIn(string window)
    {
        if (string.IsNullOrEmpty(MessageId) && StreamOffset is null)
        {
            return null;
        }

        string key = string.IsNullOrEmpty(MessageId)
            ? string.Create(CultureInfo.InvariantCulture, $"{window}{Body.Length} @{StreamOffset}")
            : string.Create(CultureInfo.InvariantCulture, $"{window}{Body.Length} {MessageId}");
        return Encoding.UTF8.GetByteCount(key) <= KeyBytesMax ? key : window + Convert.ToHexStringLower(LakeApiKey.HashOf(key));
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
