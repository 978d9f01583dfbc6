using System.Buffers.Binary;
using System.Text;

namespace OrleansLake.Core.Tests.Time;

/// <summary>Writes TZif files (RFC 9636), so that the tests know every byte of them.</summary>
internal static class TzifBytes
{
    public static byte[] Version2(string footer, int[] offsets, params (long Start, byte Type)[] transitions)
    {
        using var file = new MemoryStream();
        Header(file, 0, 1);
        file.Write(new byte[6 + 1]);        // version 1's block: one type, one name byte
        Header(file, transitions.Length, offsets.Length);
        Span<byte> number = stackalloc byte[8];
        foreach ((long start, _) in transitions)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, start);
            file.Write(number);
        }

        foreach ((_, byte type) in transitions)
        {
            file.WriteByte(type);
        }

        foreach (int offset in offsets)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, offset);
            file.Write(number[..4]);
            file.Write([0, 0]);
        }

        file.WriteByte(0);
        file.Write(Encoding.ASCII.GetBytes($"\n{footer}\n"));
        return file.ToArray();
    }

    private static void Header(Stream file, int transitions, int types)
    {
        file.Write("TZif2"u8);
        file.Write(new byte[15]);
        Span<byte> number = stackalloc byte[4];
        foreach (int count in (ReadOnlySpan<int>)[0, 0, 0, transitions, types, 1])
        {
            BinaryPrimitives.WriteInt32BigEndian(number, count);
            file.Write(number);
        }
    }
}
