using System.Buffers;

namespace OrleansLake.Engine.Reading;

/// <summary>Bytes as a JSON string, whether or not they are UTF-8: so they are kept as they came.</summary>
internal static class JsonBytes
{
    /// <summary>Returns the string with its quotation marks.</summary>
    internal static byte[] Text(ReadOnlySpan<byte> bytes)
    {
        var text = new ArrayBufferWriter<byte>(bytes.Length + 2);
        text.Write("\""u8);
        foreach (byte b in bytes)
        {
            if (b < 0x20)
            {
                text.Write("\\u00"u8);
                text.Write([Hex(b >> 4), Hex(b & 15)]);
            }
            else if (b is (byte)'"' or (byte)'\\')
            {
                text.Write([(byte)'\\', b]);
            }
            else
            {
                text.Write([b]);
            }
        }

        text.Write("\""u8);
        return text.WrittenSpan.ToArray();
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
}
