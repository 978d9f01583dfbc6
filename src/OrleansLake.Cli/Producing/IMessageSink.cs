using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>Where made-up messages go.</summary>
internal interface IMessageSink : IAsyncDisposable
{
    /// <summary>The most messages of one batch.</summary>
    int BatchMax { get; }

    /// <summary>How often a batch is due when there is a rate.</summary>
    TimeSpan BatchEvery { get; }

    /// <summary>Whether nobody reads any more, so that going on makes no sense.</summary>
    bool IsClosed { get; }

    /// <summary>Hands a batch over. It belongs to the sink from here on.</summary>
    Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken);
}
