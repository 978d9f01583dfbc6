using System.Buffers;
using System.Text;

namespace OrleansLake.Core;

/// <summary>Describes what is wrong with bytes that are not UTF-8.</summary>
internal static class Utf8Fault
{
    public static string Describe(string what, ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
        {
            at += length;
        }

        string found = at < bytes.Length ? $"byte 0x{bytes[at]:X2} at position {at} starts no character" : "it is damaged";
        return $"the {what} is not UTF-8, which is expected: {found}";
    }
}
