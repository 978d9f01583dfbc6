using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Producing;

/// <summary>Messages into a lake's bronze: each batch is durable when it has been handed over.</summary>
internal sealed class LakeSink(Lake lake) : IMessageSink
{
    public int BatchMax => 65_536;

    public TimeSpan BatchEvery => TimeSpan.FromMilliseconds(100);

    public bool IsClosed => false;

    public Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken) => lake.AppendAsync(batch, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
