namespace OrleansLake.Core.Reports;

/// <summary>The place of the column with a row's sum.</summary>
public enum TotalPlace
{
    /// <summary>Between the row keys and the counts.</summary>
    AfterKeys = 0,

    /// <summary>Behind the counts.</summary>
    Last = 1,
}
