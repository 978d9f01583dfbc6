using OrleansLake.Parquet.Internal.Format;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Writes the page index of a column chunk (https://parquet.apache.org/docs/file-format/pageindex/).</summary>
internal static class PageIndexWriter
{
    private const int Unordered = 0;
    private const int Ascending = 1;
    private const int Descending = 2;

    public static void WriteOffsetIndex(ChunkEncoder chunk, long chunkOffset, OutputBuffer output)
    {
        var writer = new ThriftWriter(output);
        writer.BeginStruct();
        writer.List(1, ThriftType.Struct, chunk.Pages.Count);
        foreach (PageEntry page in chunk.Pages)
        {
            writer.BeginStruct();
            writer.I64(1, chunkOffset + page.Offset);
            writer.I32(2, page.Bytes);
            writer.I64(3, page.FirstRow);
            writer.EndStruct();
        }

        writer.EndStruct();
    }

    public static void WriteColumnIndex(ChunkEncoder chunk, OutputBuffer output)
    {
        ReadOnlySpan<byte> bounds = chunk.Bounds.Written;
        var writer = new ThriftWriter(output);
        writer.BeginStruct();
        writer.List(1, ThriftType.True, chunk.Pages.Count);
        foreach (PageEntry page in chunk.Pages)
        {
            writer.Bool(page.IsAllNull);
        }

        writer.List(2, ThriftType.Binary, chunk.Pages.Count);
        foreach (PageEntry page in chunk.Pages)
        {
            writer.Binary(bounds[page.Min]);
        }

        writer.List(3, ThriftType.Binary, chunk.Pages.Count);
        foreach (PageEntry page in chunk.Pages)
        {
            writer.Binary(bounds[page.Max]);
        }

        writer.I32(4, Order(chunk, bounds));
        writer.List(5, ThriftType.I64, chunk.Pages.Count);
        foreach (PageEntry page in chunk.Pages)
        {
            writer.I64(page.Nulls);
        }

        writer.EndStruct();
    }

    private static int Order(ChunkEncoder chunk, ReadOnlySpan<byte> bounds)
    {
        bool isAscending = true;
        bool isDescending = true;
        PageEntry? previous = null;
        foreach (PageEntry page in chunk.Pages)
        {
            if (page.IsAllNull)
            {
                continue;
            }

            if (previous is { } before)
            {
                int mins = chunk.CompareBounds(bounds[before.Min], bounds[page.Min]);
                int maxs = chunk.CompareBounds(bounds[before.Max], bounds[page.Max]);
                isAscending &= mins <= 0 && maxs <= 0;
                isDescending &= mins >= 0 && maxs >= 0;
            }

            previous = page;
        }

        return isAscending ? Ascending : isDescending ? Descending : Unordered;
    }
}
