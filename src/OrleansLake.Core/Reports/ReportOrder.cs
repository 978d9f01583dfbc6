namespace OrleansLake.Core.Reports;

/// <summary>The order of a report's rows. A null key comes first, as in Spark's ascending order.</summary>
public enum ReportOrder
{
    /// <summary>By the row keys: dates and numbers by value, text by the bytes of its UTF-8.</summary>
    ByKeys = 0,

    /// <summary>The greatest total first; rows with the same total by their keys.</summary>
    ByTotalDescendingThenKeys = 1,
}
