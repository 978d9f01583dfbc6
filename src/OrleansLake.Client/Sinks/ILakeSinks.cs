namespace OrleansLake.Client;

/// <summary>The sinks that a lake's reports are written to: how far they are.</summary>
public interface ILakeSinks
{
    /// <summary>Returns all of them, in the order of their names.</summary>
    /// <exception cref="LakeClientException">The lake cannot be asked.</exception>
    Task<IReadOnlyList<SinkStatus>> GetSinksAsync(CancellationToken cancellationToken = default);
}
