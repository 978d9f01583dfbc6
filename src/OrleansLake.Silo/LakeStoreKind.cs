namespace OrleansLake.Silo;

/// <summary>The kinds of stores of a lake's files.</summary>
public enum LakeStoreKind
{
    /// <summary>A folder that every silo sees.</summary>
    Folder = 0,

    /// <summary>A container of Azure Blob Storage.</summary>
    Azure = 1,
}
