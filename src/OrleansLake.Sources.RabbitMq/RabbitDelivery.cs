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

    private readonly byte[] _rented;
    private readonly string _routingKey;
    private readonly IDictionary<string, object?>? _headers;

    internal RabbitDelivery(BasicDeliverEventArgs delivery)
    {
        Tag = delivery.DeliveryTag;
        MessageId = delivery.BasicProperties.MessageId;
        ContentType = delivery.BasicProperties.ContentType;
        ContentEncoding = delivery.BasicProperties.ContentEncoding;
        StreamOffset = delivery.BasicProperties.Headers?.TryGetValue("x-stream-offset", out object? offset) == true ? offset as long? : null;
        _routingKey = delivery.RoutingKey;
        _headers = delivery.BasicProperties.Headers;
        _rented = ArrayPool<byte>.Shared.Rent(delivery.Body.Length);
        delivery.Body.CopyTo(_rented);
        Body = _rented.AsMemory(0, delivery.Body.Length);
    }

    internal ulong Tag { get; }

    internal string? MessageId { get; }

    internal string? ContentType { get; }

    internal string? ContentEncoding { get; }

    /// <summary>Gets a value indicating whether it says that it is gzip.</summary>
    internal bool IsPacked => ContentEncoding?.Trim() is { } encoding && (encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || encoding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets its place in a stream; null if it comes from a queue.</summary>
    internal long? StreamOffset { get; }

    internal ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the routing key and the headers, as members of a JSON object.</summary>
    internal string Attributes => HeaderJson.Of(_routingKey, _headers);

    /// <summary>Returns the key by which it is known when it comes again; null if nothing distinguishes it from others.</summary>
    internal string? KeyIn(string queue)
    {
        if (string.IsNullOrEmpty(MessageId) && StreamOffset is null)
        {
            return null;
        }

        string key = string.IsNullOrEmpty(MessageId)
            ? string.Create(CultureInfo.InvariantCulture, $"{queue} {Body.Length} @{StreamOffset}")
            : string.Create(CultureInfo.InvariantCulture, $"{queue} {Body.Length} {MessageId}");
        return Encoding.UTF8.GetByteCount(key) <= KeyBytesMax ? key : Convert.ToHexStringLower(LakeApiKey.HashOf(key));
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
