namespace OrleansLake.Client;

/// <summary>A query of a report.</summary>
public sealed record ReportQuery
{
    /// <summary>The report's name.</summary>
    public required string Report
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Report));
            field = value;
        }
    }

    /// <summary>The rows that are wanted.</summary>
    public ReportFilter Filter
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Filter));
            field = value;
        }
    } = ReportFilter.None;

    /// <summary>Of these, how many are left out at the start: pages.</summary>
    public int Skip
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Skip));
            field = value;
        }
    }

    /// <summary>And how many are returned at most. Null: all.</summary>
    public int? Take
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(Take));
            field = value;
        }
    }

    /// <summary>Wait until the report shows this: one's own write. Null: as it is.</summary>
    public LakePosition? MinPosition { get; init; }

    /// <summary>
    /// Gets what the same query gave before: where nothing has changed since, that very object may be given back. Null: none.
    /// </summary>
    public ReportSnapshot? Known { get; init; }
}
