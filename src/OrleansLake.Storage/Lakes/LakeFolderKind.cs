namespace OrleansLake.Storage.Lakes;

/// <summary>The kinds of folders, before anything is written to it.</summary>
internal enum LakeFolderKind
{
    /// <summary>There is nothing in it (it need not exist).</summary>
    Empty = 0,

    /// <summary>A lake.</summary>
    Lake = 1,

    /// <summary>No lake yet, but a folder of bronze Parquet that another program wrote.</summary>
    Adoptable = 2,

    /// <summary>Only names of our own, without <see cref="LakePaths.Description"/>: a lake whose making was cut off.</summary>
    Unfinished = 3,

    /// <summary>Something else, which is not touched.</summary>
    Other = 4,
}
