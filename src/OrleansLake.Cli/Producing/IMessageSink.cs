using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>A destination of generated messages.</summary>
internal interface IMessageSink : IAsyncDisposable
{
    /// <summary>Gets the most messages of one batch.</summary>
    int BatchMax { get; }

    /// <summary>Gets the interval of batches when there is a rate.</summary>
    TimeSpan BatchEvery { get; }

    /// <summary>Gets a value indicating whether nobody reads any more, so that continuing is useless.</summary>
    bool IsClosed { get; }

    /// <summary>Hands a batch over. It belongs to the sink from here on.</summary>
    Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken);
}
