namespace OrleansLake.Client.Embedded;

/// <summary>The place where a lake keeps what an operator has said of its sources, by their names.</summary>
internal interface ISourceSettings
{
    /// <summary>Returns whether a source is paused.</summary>
    /// <exception cref="LakeClientException">The lake is not open.</exception>
    ValueTask<bool> IsPausedAsync(string source, CancellationToken cancellationToken);

    /// <summary>Keeps that a source is paused, or that it is not: durable when it ends.</summary>
    /// <exception cref="LakeClientException">The lake is not open.</exception>
    ValueTask SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken);
}
