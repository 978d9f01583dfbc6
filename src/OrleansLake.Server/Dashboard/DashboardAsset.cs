using System.IO.Compression;
using System.Security.Cryptography;

namespace OrleansLake.Server.Dashboard;

/// <summary>A file of the dashboard, as it is sent.</summary>
internal sealed class DashboardAsset
{
    private const int TagBytes = 12;

    internal DashboardAsset(string contentType, byte[] bytes)
    {
        ContentType = contentType;
        Bytes = bytes;
        Tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, TagBytes))}\"";
        Packed = Pack(bytes);
    }

    internal string ContentType { get; }

    internal byte[] Bytes { get; }

    /// <summary>Gets the same in gzip.</summary>
    internal byte[] Packed { get; }

    /// <summary>Gets its ETag: the same as long as the bytes are.</summary>
    internal string Tag { get; }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
