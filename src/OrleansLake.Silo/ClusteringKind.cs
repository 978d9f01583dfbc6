namespace OrleansLake.Silo;

/// <summary>The kinds of membership providers by which silos find each other.</summary>
public enum ClusteringKind
{
    /// <summary>All on this machine, and the first of them keeps the list: for development. Its death ends the cluster.</summary>
    Localhost = 0,

    /// <summary>A PostgreSQL database keeps the list.</summary>
    PostgreSql = 1,
}
