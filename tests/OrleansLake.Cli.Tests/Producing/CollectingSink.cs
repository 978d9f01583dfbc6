using System.Buffers;
using OrleansLake.Cli.Producing;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Tests.Producing;

/// <summary>Keeps what it is given, as NDJSON, and the sizes of the batches.</summary>
internal sealed class CollectingSink : IMessageSink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int BatchMax { get; init; } = 1_000;

    public TimeSpan BatchEvery { get; init; } = TimeSpan.FromSeconds(1);

    public int ClosedAfterBatches { get; init; } = int.MaxValue;

    public bool IsClosed => Batches.Count >= ClosedAfterBatches;

    public List<int> Batches { get; } = [];

    public byte[] Bytes => _bytes.WrittenSpan.ToArray();

    public Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        Batches.Add(batch.Count);
        MessageNdjson.Write(batch, _bytes);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
