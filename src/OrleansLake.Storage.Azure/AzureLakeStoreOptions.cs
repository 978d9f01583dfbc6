namespace OrleansLake.Storage.Azure;

/// <summary>Where in Azure Blob Storage a lake is, and how patient its store is.</summary>
public sealed record AzureLakeStoreOptions
{
    /// <summary>The account's connection string (Azurite's is one as well).</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The container; the lake is its root. It is made when something is first written.</summary>
    public required string Container { get; init; }

    /// <summary>
    /// How often a request is tried again that failed, was refused for load (429, 503) or had no answer: with the delays
    /// that double up to <see cref="RetryDelayMax"/>, 14 are about 45 seconds. Only then does a call fail.
    /// </summary>
    public int RetriesMax { get; init; } = 14;

    /// <summary>The longest delay between two tries.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one request may take before it counts as lost: a block of the log is 4 MiB at most.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a lock outlives a process that ends without giving it back: Azure takes 15 to 60 seconds. It is renewed
    /// three times in that time.
    /// </summary>
    public TimeSpan LockLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many files are published at the same time.</summary>
    public int UploadsMax { get; init; } = 8;
}
