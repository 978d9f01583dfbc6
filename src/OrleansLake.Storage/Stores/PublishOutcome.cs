namespace OrleansLake.Storage.Stores;

/// <summary>The outcomes of publishing a file under its name.</summary>
public enum PublishOutcome
{
    /// <summary>It has its name.</summary>
    Published = 0,

    /// <summary>The name is taken. The temporary file is still there.</summary>
    AlreadyExists = 1,
}
