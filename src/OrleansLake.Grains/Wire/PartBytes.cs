using System.Buffers;
using OrleansLake.Core.Reports;

namespace OrleansLake.Grains.Wire;

/// <summary>Parts of reports as bytes.</summary>
internal static class PartBytes
{
    internal static byte[] Of(ReportPart part)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        part.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
