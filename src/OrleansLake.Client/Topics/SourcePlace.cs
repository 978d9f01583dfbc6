namespace OrleansLake.Client;

/// <summary>A place in a partition whose offset the broker knows.</summary>
public enum SourcePlace
{
    /// <summary>The place at which the source is set to begin with a topic that the lake does not have.</summary>
    Configured,

    /// <summary>The first record that there still is.</summary>
    Earliest,

    /// <summary>Behind the last record.</summary>
    Latest,
}
