using System.Buffers;
using System.Threading.Channels;

namespace OrleansLake.Client;

/// <summary>
/// Sends messages in batches, in the order in which they are written. Every batch has a key of its own and is sent until
/// the lake has it, so each message is stored once, whatever breaks in between; one that is more than the lake takes at
/// once is sent in halves. What no repetition mends (a key that is not known, say) ends the producer: writing, flushing
/// and disposing throw it.
/// </summary>
/// <remarks>Any threads may write. Messages that wait here are lost with the process: <see cref="FlushAsync"/> says that none waits.</remarks>
public sealed class LakeProducer : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);

    private readonly ILakeClient _client;
    private readonly LakeProducerOptions _options;
    private readonly TimeProvider _clock;
    private readonly Channel<byte[]> _messages;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly Task _running;
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Done)> _flushes = [];
    private long _written;
    private long _sent;
    private long _batches;
    private Exception? _failure;

    /// <summary>Starts one.</summary>
    /// <param name="client">Where messages go.</param>
    /// <param name="options">How batches are made; null: the defaults.</param>
    /// <param name="clock">What the clock is; null: the system's.</param>
    public LakeProducer(ILakeClient client, LakeProducerOptions? options = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new LakeProducerOptions();
        _clock = clock ?? TimeProvider.System;
        _messages = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(_options.BufferedMessagesMax) { SingleReader = true });
        _running = Task.Run(RunAsync);
    }

    /// <summary>Records that the lake did not take; they are in its quarantine. Called between batches.</summary>
    public event Action<IReadOnlyList<SendError>>? Rejected;

    /// <summary>A batch could not be sent and is sent again. Called between tries.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Messages that the lake has.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Writes a message; it is sent with others.</summary>
    public ValueTask WriteAsync(LakeMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WriteAsync(LakeMessageJson.Of(message), cancellationToken);
    }

    /// <summary>Ends when the lake has everything that was written before the call.</summary>
    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return Task.FromException(_failure);
            }

            if (_sent >= _written)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _flushes.Add((_written, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sends what waits, and ends. To give that up, dispose of the client's connection first.</summary>
    /// <exception cref="LakeClientException">It had ended before: messages that were written are not in the lake.</exception>
    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async ValueTask WriteAsync(byte[] json, CancellationToken cancellationToken)
    {
        try
        {
            await _messages.Writer.WriteAsync(json, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e) when (e.InnerException is LakeClientException failure)
        {
            throw new LakeClientException(failure.Kind, failure.Message, failure);
        }

        lock (_gate)
        {
            _written++;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            var body = new ArrayBufferWriter<byte>();
            while (await _messages.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                body.ResetWrittenCount();
                int count = await FillAsync(body).ConfigureAwait(false);
                await SendAsync(body.WrittenMemory).ConfigureAwait(false);
                lock (_gate)
                {
                    _sent += count;
                    foreach ((_, TaskCompletionSource done) in _flushes.Where(flush => flush.Count <= _sent))
                    {
                        done.TrySetResult();
                    }

                    _flushes.RemoveAll(flush => flush.Count <= _sent);
                }
            }
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    // Who writes or flushes from now on is told, and so is who waits.
    private void Fail(Exception failure)
    {
        _messages.Writer.TryComplete(failure);
        lock (_gate)
        {
            _failure = failure;
            foreach ((_, TaskCompletionSource done) in _flushes)
            {
                done.TrySetException(failure);
            }

            _flushes.Clear();
        }
    }

    private async Task<int> FillAsync(ArrayBufferWriter<byte> body)
    {
        int count = 0;
        using var linger = new CancellationTokenSource(_options.Linger, _clock);
        while (count < _options.BatchMessagesMax && body.WrittenCount < _options.BatchBytesMax)
        {
            if (_messages.Reader.TryRead(out byte[]? message))
            {
                body.Write(message);
                body.Write("\n"u8);
                count++;
                continue;
            }

            try
            {
                if (!await _messages.Reader.WaitToReadAsync(linger.Token).ConfigureAwait(false))
                {
                    break;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return count;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> body)
    {
        var options = new SendOptions { IdempotencyKey = $"{_name}-{_batches++}" };
        for (TimeSpan rest = FirstBackOff; ; rest = rest * 2 < _options.BackOffMax ? rest * 2 : _options.BackOffMax)
        {
            TimeSpan? told;
            LakeClientException failure;
            try
            {
                SendResult result = await _client.SendAsync(new ReadOnlySequence<byte>(body), options, _stop.Token).ConfigureAwait(false);
                if (result.Status == SendStatus.Stored)
                {
                    if (result.Errors.Count > 0)
                    {
                        Rejected?.Invoke(result.Errors);
                    }

                    return;
                }

                told = result.RetryAfter;
                failure = new LakeClientException(KindOf(result), result.Detail ?? result.Status.ToString());
            }
            catch (LakeClientException e)
            {
                told = e.RetryAfter;
                failure = e;
            }

            if (failure.Kind == LakeClientErrorKind.TooLarge && TryHalve(body, out int middle))
            {
                // Nothing of it was stored, and never will be as it is.
                await SendAsync(body[..middle]).ConfigureAwait(false);
                await SendAsync(body[middle..]).ConfigureAwait(false);
                return;
            }

            if (failure.Kind is not (LakeClientErrorKind.Unavailable or LakeClientErrorKind.Failed))
            {
                throw failure;
            }

            Failed?.Invoke(failure);
            await Task.Delay(told ?? rest, _clock, _stop.Token).ConfigureAwait(false);
        }
    }

    private static LakeClientErrorKind KindOf(SendResult result) => result.Status switch
    {
        SendStatus.TooManyDates when result.RetryAfter is null => LakeClientErrorKind.TooLarge,
        SendStatus.Refused or SendStatus.KeyConflict => LakeClientErrorKind.BadRequest,
        _ => LakeClientErrorKind.Unavailable,
    };

    // Between two messages, near the middle.
    private static bool TryHalve(ReadOnlyMemory<byte> body, out int middle)
    {
        ReadOnlySpan<byte> text = body.Span;
        middle = text[..(text.Length / 2)].LastIndexOf((byte)'\n') + 1;
        middle = middle > 0 ? middle : text.IndexOf((byte)'\n') + 1;
        return middle < text.Length;
    }
}
