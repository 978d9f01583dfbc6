using System.IO.Compression;
using OrleansLake.TestSupport;

namespace OrleansLake.Grains.Tests;

/// <summary>The messages that Spark counted, as lines.</summary>
internal static class GoldenEvents
{
    internal static byte[] Ndjson { get; } = Read("golden/events.ndjson.gz");

    internal static string Report1 { get; } = File.ReadAllText(Fixtures.Path("golden/utc/report1.ndjson"));

    internal static string Report2 { get; } = File.ReadAllText(Fixtures.Path("golden/utc/report2.ndjson"));

    /// <summary>The lines in pieces of some lines each, in order.</summary>
    internal static IEnumerable<byte[]> Pieces(int lines)
    {
        int start = 0;
        while (start < Ndjson.Length)
        {
            int end = start;
            for (int line = 0; line < lines && end < Ndjson.Length; line++)
            {
                int length = Ndjson.AsSpan(end).IndexOf((byte)'\n');
                end = length < 0 ? Ndjson.Length : end + length + 1;
            }

            yield return Ndjson[start..end];
            start = end;
        }
    }

    private static byte[] Read(string fixture)
    {
        using var file = new GZipStream(File.OpenRead(Fixtures.Path(fixture)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
