namespace OrleansLake.Client;

/// <summary>A query of quarantine: which rejected records are wanted.</summary>
public sealed record QuarantineQuery
{
    /// <summary>Gets the code of the reason of the wanted records. Null: all.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the source of the wanted records. Null: all.</summary>
    public string? Source { get; init; }

    /// <summary>Gets or sets the number of records that are left out at the start.</summary>
    public long Skip
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Skip));
            field = value;
        }
    }

    /// <summary>Gets the number of records that are returned at most.</summary>
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
