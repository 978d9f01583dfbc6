namespace OrleansLake.Core.Reports;

/// <summary>What stands in a cell that nothing was counted for.</summary>
public enum AbsentCell
{
    /// <summary>A null.</summary>
    Null = 0,

    /// <summary>The number 0.</summary>
    Zero = 1,
}
