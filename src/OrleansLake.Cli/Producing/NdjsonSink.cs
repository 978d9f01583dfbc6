using System.Buffers;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>Messages as lines on stdout. One batch is written while the next one is made.</summary>
internal sealed class NdjsonSink(StandardOutput output) : IMessageSink
{
    private ArrayBufferWriter<byte> _filling = new(4 * 1024 * 1024);
    private ArrayBufferWriter<byte> _draining = new(4 * 1024 * 1024);
    private Task _written = Task.CompletedTask;

    public int BatchMax => 16_384;

    public TimeSpan BatchEvery => TimeSpan.FromMilliseconds(100);

    public bool IsClosed => output.IsClosed;

    public async Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        _filling.ResetWrittenCount();
        MessageNdjson.Write(batch, _filling);
        await _written.ConfigureAwait(false);
        (_filling, _draining) = (_draining, _filling);
        _written = Task.Run(() => output.Write(_draining.WrittenSpan), CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await _written.ConfigureAwait(false);
}
