namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>Copies what an LZ77 match refers to, which may overlap what it writes.</summary>
internal static class MatchCopy
{
    /// <summary>Copies from <paramref name="distance"/> bytes back; all of it is within the span.</summary>
    public static void Copy(Span<byte> bytes, int at, int distance, int length)
    {
        if (distance >= length)
        {
            bytes.Slice(at - distance, length).CopyTo(bytes[at..]);
            return;
        }

        if (distance == 1)
        {
            bytes.Slice(at, length).Fill(bytes[at - 1]);
            return;
        }

        // What is repeated doubles with every copy.
        int start = at - distance;
        int copied = 0;
        while (copied < length)
        {
            int count = Math.Min(distance + copied, length - copied);
            bytes.Slice(start, count).CopyTo(bytes[(at + copied)..]);
            copied += count;
        }
    }
}
