namespace OrleansLake.Grains;

/// <summary>The lake is behind: nothing was stored. Send the same again after a moment.</summary>
[GenerateSerializer, Alias("OrleansLake.LakeBusyException")]
internal sealed class LakeBusyException : Exception
{
    /// <summary>Gets a value indicating whether the same key is being sent now, and its outcome is to be asked for by sending it again.</summary>
    [Id(0)]
    public bool IsInFlight { get; init; }

    /// <inheritdoc/>
    public LakeBusyException()
        : this("the lake is behind: send the same again after a moment")
    {
    }

    /// <inheritdoc/>
    public LakeBusyException(string message)
        : base(message)
    {
    }

}
