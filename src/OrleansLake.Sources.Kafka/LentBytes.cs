using Confluent.Kafka;

namespace OrleansLake.Sources.Kafka;

/// <summary>Takes keys or values as they are, in an array that the next one takes too; null where there is none.</summary>
internal sealed class LentBytes : IDeserializer<ReadOnlyMemory<byte>?>
{
    // A larger one is not kept for the next.
    private const int BytesMax = 1 << 20;

    private byte[] _bytes = [];

    public ReadOnlyMemory<byte>? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
        {
            return null;
        }

        if (data.Length > BytesMax)
        {
            return data.ToArray();
        }

        if (data.Length > _bytes.Length)
        {
            _bytes = new byte[Math.Max(data.Length, _bytes.Length * 2)];
        }

        data.CopyTo(_bytes);
        return _bytes.AsMemory(0, data.Length);
    }
}
