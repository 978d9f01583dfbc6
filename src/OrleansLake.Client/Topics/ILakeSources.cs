namespace OrleansLake.Client;

/// <summary>The sources of topics that a lake reads: how far they are, and what an operator may do with them while the lake runs.</summary>
public interface ILakeSources
{
    /// <summary>Returns all of them, in the order of their names.</summary>
    /// <exception cref="LakeClientException">The lake cannot be asked.</exception>
    Task<IReadOnlyList<SourceStatus>> GetSourcesAsync(CancellationToken cancellationToken = default);

    /// <summary>Pauses a source, or lets it go on; that stays so when the lake is started again. What was read before is stored.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="isPaused">Whether it is to be paused.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LakeClientException">There is no such source, or it is unavailable.</exception>
    Task SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has partitions read from another offset, those that a gap has stopped, too. Forward, what lies between is passed over and counted; back, records are
    /// read again: reports count a message once by its id, bronze has it again.
    /// </summary>
    /// <param name="seek">Which partitions, and from where.</param>
    /// <param name="cancellationToken">Gives up; it may be done all the same.</param>
    /// <returns>What was done with each partition.</returns>
    /// <exception cref="LakeClientException">There is no such source or partition, the broker has no such offset, or the source is unavailable.</exception>
    Task<IReadOnlyList<SourceMove>> SeekAsync(SourceSeek seek, CancellationToken cancellationToken = default);
}
