namespace OrleansLake.Core.Reports;

/// <summary>The types of a report's columns.</summary>
public enum ReportColumnType
{
    /// <summary>Days since 1970-01-01 (<see cref="ReportTable.Numbers"/>).</summary>
    Date = 0,

    /// <summary>UTF-8 text (<see cref="ReportTable.Texts"/>).</summary>
    Text = 1,

    /// <summary>32-bit numbers (<see cref="ReportTable.Numbers"/>).</summary>
    Number = 2,

    /// <summary>64-bit counts (<see cref="ReportTable.Counts"/>).</summary>
    Count = 3,

    /// <summary>64-bit numbers (<see cref="ReportTable.LongNumbers"/>).</summary>
    LongNumber = 4,
}
