namespace OrleansLake.Server;

/// <summary>The rights of a key.</summary>
[Flags]
public enum LakeScopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send messages.</summary>
    Ingest = 1,

    /// <summary>Read reports, messages, counts, and watch them.</summary>
    Read = 2,

    /// <summary>Read what was rejected, metrics and the server's status; make embed tokens.</summary>
    Admin = 4,

    /// <summary>Everything.</summary>
    All = Ingest | Read | Admin,
}
