namespace OrleansLake.Client;

/// <summary>Which rejected records are wanted.</summary>
public sealed record QuarantineQuery
{
    /// <summary>Only those with this reason's code. Null: all.</summary>
    public string? Code { get; init; }

    /// <summary>Only those from this source. Null: all.</summary>
    public string? Source { get; init; }

    /// <summary>How many are left out at the start.</summary>
    public long Skip
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Skip));
            field = value;
        }
    }

    /// <summary>And how many are returned at most.</summary>
    public int Take
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Take));
            field = value;
        }
    } = 100;
}
