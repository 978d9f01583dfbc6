using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>The pages of a column chunk that hold wanted rows, and where these rows are once the pages were read.</summary>
internal sealed class PageSelection
{
    private PageSelection(List<PageMetadata>? pages, long firstPage, List<RowRange> kept)
    {
        Pages = pages;
        FirstPage = firstPage;
        Kept = kept;
    }

    /// <summary>Gets the pages to read; null for all, of which nothing is known.</summary>
    public IReadOnlyList<PageMetadata>? Pages { get; }

    /// <summary>Gets the offset at which the chunk's first data page starts.</summary>
    public long FirstPage { get; }

    /// <summary>Gets the wanted rows, counted from the first that was read.</summary>
    public List<RowRange> Kept { get; }

    /// <summary>Selects pages.</summary>
    /// <param name="pages">All pages by the page index, none if there is no index.</param>
    /// <param name="rows">The wanted rows, in order and apart.</param>
    public static PageSelection Of(List<PageMetadata> pages, IReadOnlyList<RowRange> rows)
    {
        if (pages.Count == 0)
        {
            return new PageSelection(null, 0, [.. rows]);
        }

        var selected = new List<PageMetadata>();
        var kept = new List<RowRange>();
        int next = 0;
        int before = 0;
        foreach (PageMetadata page in pages)
        {
            while (next < rows.Count && rows[next].End <= page.Rows.Start)
            {
                next++;
            }

            bool isWanted = false;
            for (int i = next; i < rows.Count && rows[i].Start < page.Rows.End; i++)
            {
                int start = Math.Max(rows[i].Start, page.Rows.Start);
                int end = Math.Min(rows[i].End, page.Rows.End);
                kept.Add(new RowRange(before + start - page.Rows.Start, end - start));
                isWanted = true;
            }

            if (isWanted)
            {
                selected.Add(page);
                before += page.Rows.Count;
            }
        }

        return new PageSelection(selected, pages[0].Offset, kept);
    }
}
