namespace OrleansLake.Core.Reports;

/// <summary>The value of a cell that nothing was counted for.</summary>
public enum AbsentCell
{
    /// <summary>A null.</summary>
    Null = 0,

    /// <summary>The number 0.</summary>
    Zero = 1,
}
