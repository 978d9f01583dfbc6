namespace OrleansLake.Client;

/// <summary>A query of a report.</summary>
public sealed record ReportQuery
{
    /// <summary>Gets the report's name.</summary>
    public required string Report
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Report));
            field = value;
        }
    }

    /// <summary>Gets the rows that are wanted.</summary>
    public ReportFilter Filter
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Filter));
            field = value;
        }
    } = ReportFilter.None;

    /// <summary>Gets the number of rows that are left out at the start, for pages.</summary>
    public int Skip
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Skip));
            field = value;
        }
    }

    /// <summary>Gets the number of rows that are returned at most. Null: all.</summary>
    public int? Take
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(Take));
            field = value;
        }
    }

    /// <summary>Gets the position that the report must show, such as one's own write; it is waited for. Null: as it is.</summary>
    public LakePosition? MinPosition { get; init; }

    /// <summary>
    /// Gets what the same query gave before: where nothing has changed since, that very object may be returned. Null: none.
    /// </summary>
    public ReportSnapshot? Known { get; init; }
}
