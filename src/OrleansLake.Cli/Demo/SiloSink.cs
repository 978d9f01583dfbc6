using System.Buffers;
using System.Globalization;
using OrleansLake.Cli.Producing;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Demo;

/// <summary>Messages to a silo: each batch under a key of its own, so that one that is sent again is stored once.</summary>
internal sealed class SiloSink(ILakeClient client) : IMessageSink
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromMilliseconds(200);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private long _sent;

    public int BatchMax => 8_192;

    public TimeSpan BatchEvery => TimeSpan.FromMilliseconds(100);

    public bool IsClosed => false;

    /// <exception cref="IOException">The silos stayed away, or will not have the messages.</exception>
    public async Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        MessageNdjson.Write(batch, body);
        var options = new SendOptions { IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"demo-{_run}-{_sent++}") };
        while (true)
        {
            SendResult result = await SendAsync(body.WrittenMemory, options, cancellationToken).ConfigureAwait(false);
            switch (result.Status)
            {
                case SendStatus.Stored:
                    return;
                case SendStatus.TryAgain or SendStatus.InFlight:
                    await Task.Delay(result.RetryAfter ?? DefaultPause, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new IOException($"The silos did not store the demo's messages: {result.Detail}");
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<SendResult> SendAsync(ReadOnlyMemory<byte> body, SendOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(new ReadOnlySequence<byte>(body), options, cancellationToken).ConfigureAwait(false);
        }
        catch (LakeClientException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
