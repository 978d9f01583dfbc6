namespace OrleansLake.Engine;

/// <summary>The rule whether a folder of another program's bronze becomes a lake when it is opened.</summary>
public enum AdoptKind
{
    /// <summary>It does not.</summary>
    No = 0,

    /// <summary>It does, unless there is Parquet under silver or gold already.</summary>
    BronzeOnly = 1,

    /// <summary>It does; Parquet under silver and gold is replaced by the replay that follows.</summary>
    ToReplay = 2,
}
