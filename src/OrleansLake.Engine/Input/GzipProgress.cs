using System.IO.Compression;
using System.Reflection;

namespace OrleansLake.Engine.Input;

/// <summary>The progress of a failed read of the platform's gzip reader.</summary>
/// <remarks>
/// A read that fails has unpacked all up to the damaged place into its buffer, but does not say how much that is. The
/// platform keeps the number in a member that is not public, which is looked at when a read has failed only. A platform that has
/// no such member loses what the failing read unpacked, and a test says so.
/// </remarks>
internal static class GzipProgress
{
    private const string Assembly = ", System.IO.Compression";
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance;

    /// <summary>Returns how many bytes a failed read put into its buffer.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="length">The length of the buffer.</param>
    internal static int Unpacked(GZipStream reader, int length)
    {
        object? deflate = typeof(GZipStream).GetField("_deflateStream", Hidden)?.GetValue(reader);
        object? inflater = deflate is null ? null : typeof(DeflateStream).GetField("_inflater", Hidden)?.GetValue(deflate);
        object? state = inflater is null ? null : Type.GetType("System.IO.Compression.Inflater" + Assembly)?.GetField("_zlibStream", Hidden)?.GetValue(inflater);
        object? left = state is null ? null : Type.GetType("System.IO.Compression.ZLibNative+ZLibStreamHandle" + Assembly)?.GetProperty("AvailOut", Hidden)?.GetValue(state);
        return left is uint bytes && bytes < (uint)length ? length - (int)bytes : 0;
    }
}
