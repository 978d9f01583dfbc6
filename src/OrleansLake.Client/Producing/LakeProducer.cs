using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLake.Client.Producing;

namespace OrleansLake.Client;

/// <summary>
/// Sends messages in batches, in the order in which they are written. Every batch has a key of its own and is sent until
/// the lake has it, so each message is stored once, whatever breaks in between; one that is more than the lake takes at
/// once is sent in halves, and a message that is more than it accepts at all is refused: <see cref="Rejected"/> reports it, or
/// flushing and disposing where nobody listens. What no
/// repetition changes (a key that is not known, say) ends the producer: writing, flushing and disposing throw it, and
/// <see cref="Unsent"/> gives back what is not in the lake.
/// </summary>
/// <remarks>Any threads may write. Messages that wait here are lost with the process: <see cref="FlushAsync"/> says that none waits.</remarks>
public sealed class LakeProducer : IAsyncDisposable
{
    // How long a handler of the application may still take when everything else has been given up.
    private static readonly TimeSpan HandlerMax = TimeSpan.FromSeconds(5);

    private readonly LakeProducerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<ProducerEntry> _entries;
    private readonly ProducerBatch _batch = new();
    private readonly ProducerSending _sending;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile IReadOnlyList<LakeMessage> _unsent = [];
    private volatile Exception? _failure;
    private int _isDisposed;

    /// <summary>Initializes and starts the producer.</summary>
    /// <param name="client">Where messages go.</param>
    /// <param name="options">How batches are made; null: the defaults.</param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <param name="logger">Where it is logged what the events say, and what their handlers throw; null: nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is invalid; the exception names it.</exception>
    public LakeProducer(ILakeClient client, LakeProducerOptions? options = null, TimeProvider? clock = null, ILogger<LakeProducer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _options = options ?? new LakeProducerOptions();
        _options.Check();
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? NullLogger<LakeProducer>.Instance;
        _sending = new ProducerSending(client, _options.BackOffMax, _clock, _logger, Tell, Tell);
        _entries = Channel.CreateBounded<ProducerEntry>(new BoundedChannelOptions(_options.BufferedMessagesMax) { SingleReader = true });
        _running = Task.Run(RunAsync);
    }

    /// <summary>
    /// Records that the lake did not accept, all of them, each with its <see cref="SendError.Message"/>: they are in its quarantine, but
    /// for those that are too large for it (<c>too_large</c>), which are nowhere. Called between batches; what a handler
    /// throws is logged and reported by <see cref="Failed"/>, and the producer continues.
    /// </summary>
    public event Action<IReadOnlyList<SendError>>? Rejected;

    /// <summary>A batch could not be sent and is sent again, or a handler of <see cref="Rejected"/> failed. Called between tries.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Gets the number of messages that the lake has; those that <see cref="Rejected"/> reports are not among them.</summary>
    public long Sent => _sending.Sent;

    /// <summary>
    /// Gets, once it has ended, the messages that were written and are not in the lake, in their order; behind them those (100 at
    /// most) that were too large while nobody listened to <see cref="Rejected"/>.
    /// </summary>
    public IReadOnlyList<LakeMessage> Unsent => _unsent;

    /// <summary>
    /// Gets the number of the first of <see cref="Unsent"/> that were being sent when it ended, so that they may be stored all the same:
    /// sent again they would be in bronze twice, and be counted once.
    /// </summary>
    public int UnsentMaybeStored { get; private set; }

    /// <summary>Writes a message; it is sent with others.</summary>
    /// <exception cref="ArgumentException">One of its texts holds half a surrogate pair; the exception names it, and the message is not sent.</exception>
    /// <exception cref="LakeClientException">It has ended: see <see cref="LakeProducer"/>.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed; the message is not sent.</exception>
    public ValueTask WriteAsync(LakeMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return AddAsync(new ProducerEntry(message, LakeMessageJson.Of(message), null), cancellationToken);
    }

    /// <summary>
    /// Ends when the lake has everything that was written before the call, by whichever thread: as messages, or in its quarantine. What waits
    /// for more messages goes at once.
    /// </summary>
    /// <exception cref="LakeClientException">
    /// It has ended before that; or a message, since the last flush, was too large (<see cref="LakeClientErrorKind.TooLarge"/>) while nobody listened to
    /// <see cref="Rejected"/>: the lake has the others, and the producer continues.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        // It comes after everything that was written before, whatever else is being written.
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await AddAsync(new ProducerEntry(null, [], flushed), cancellationToken).ConfigureAwait(false);
        await flushed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends what waits, for <see cref="LakeProducerOptions.DisposeTimeout"/> at most, and ends.
    /// </summary>
    /// <exception cref="LakeClientException">
    /// Messages that were written are not in the lake, since it had ended before, or since they could not be sent in that
    /// time: the message says how many, and <see cref="Unsent"/> has them. Thrown by the first call alone.
    /// </exception>
    public async ValueTask DisposeAsync()
    {
        bool isFirst = Interlocked.Exchange(ref _isDisposed, 1) == 0;
        _entries.Writer.TryComplete();
        try
        {
            await _running.WaitAsync(_options.DisposeTimeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            try
            {
                await _running.WaitAsync(HandlerMax, _clock).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                throw new LakeClientException(LakeClientErrorKind.Unavailable, "The producer was given up: a handler of Rejected or Failed does not return. What was not sent is not known.", e);
            }
        }

        if (isFirst && _failure is { } failure)
        {
            throw Again(failure);
        }
    }

    private async ValueTask AddAsync(ProducerEntry entry, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        try
        {
            await _entries.Writer.WriteAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            if (Volatile.Read(ref _isDisposed) != 0)
            {
                throw new ObjectDisposedException(nameof(LakeProducer), e);
            }

            // It has ended, or is about to: then it is known why.
            await _running.ConfigureAwait(false);
            throw Again(_failure ?? e);
        }
    }

    private async Task RunAsync()
    {
        TaskCompletionSource? flushed = null;
        try
        {
            while (await _entries.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                _batch.Clear();
                flushed = await FillAsync().ConfigureAwait(false);
                if (_batch.Count > 0)
                {
                    await _sending.SendAsync(_batch, 0, _batch.Count, _stop.Token).ConfigureAwait(false);
                }

                Complete(flushed);
            }

            _batch.Clear();
            if (_sending.FirstRefusal is { } refusal)
            {
                End(refusal, null);
            }
        }
#pragma warning disable CA1031 // Whatever it is: those who write, flush or dispose get it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e, flushed);
        }
    }

    private void Complete(TaskCompletionSource? flushed)
    {
        if (flushed is not null && _sending.TakeRefusals() is > 0 and int refused)
        {
            LakeClientException why = _sending.FirstRefusal!;
            flushed.TrySetException(new LakeClientException(why.Kind, $"{Messages(refused)} not in the lake, nor will be: LakeProducer.Rejected reports each. {why.Message}", why));
        }

        flushed?.TrySetResult();
    }

    /// <summary>Fails writes and flushes from now on, and those that wait; what is not sent can be had back.</summary>
    private void End(Exception reason, TaskCompletionSource? flushed)
    {
        // Nothing is written any more; what came before is read below.
        _entries.Writer.TryComplete();
        var unsent = new List<LakeMessage>(_batch.Rest());
        List<TaskCompletionSource> flushes = flushed is null ? [] : [flushed];
        while (_entries.Reader.TryRead(out ProducerEntry entry))
        {
            if (entry.Message is { } message)
            {
                unsent.Add(message);
            }
            else
            {
                flushes.Add(entry.Flushed!);
            }
        }

        unsent.AddRange(_sending.Refused);
        if (unsent.Count > 0 || reason is not OperationCanceledException)
        {
            _unsent = unsent;
            UnsentMaybeStored = _batch.Uncertain;
            _failure = Failure(reason, unsent.Count, _batch.Uncertain);
            _logger.Ended(unsent.Count, _batch.Uncertain, reason.Message);
        }

        foreach (TaskCompletionSource flush in flushes)
        {
            if (_failure is { } failure)
            {
                flush.TrySetException(failure);
            }
            else
            {
                flush.TrySetResult();
            }
        }
    }

    private LakeClientException Failure(Exception reason, int unsent, int maybeStored)
    {
        (LakeClientErrorKind kind, string why) = reason switch
        {
            LakeClientException { Kind: var known } => (known, reason.Message),
            OperationCanceledException when _sending.LastFailure is null && _sending.FirstRefusal is { } refusal && unsent == _sending.Refused.Count => (refusal.Kind, refusal.Message),
            OperationCanceledException => (
                LakeClientErrorKind.Unavailable,
                $"{(unsent == 1 ? "It" : "They")} could not be sent within {_options.DisposeTimeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s (LakeProducerOptions.DisposeTimeout){(_sending.LastFailure is { } last ? $": {last.Message}" : ".")}"),
            _ => (LakeClientErrorKind.Failed, reason.Message),
        };
        string maybe = maybeStored == 0 ? "" : $", {(unsent == 1 ? "which" : maybeStored == 1 ? "of which the first" : $"of which the first {maybeStored}")} may be stored all the same";
        return new LakeClientException(kind, $"{Messages(unsent)} not in the lake: see LakeProducer.Unsent{maybe}. {why}", reason);
    }

    private static string Messages(int count) => count == 1 ? "A message that was written is" : $"{count} messages that were written are";

    // Each caller gets an exception of its own: its stack is where it was thrown.
    private static LakeClientException Again(Exception failure) =>
        new(failure is LakeClientException { Kind: var kind } ? kind : LakeClientErrorKind.Failed, failure.Message, failure);

    private async Task<TaskCompletionSource?> FillAsync()
    {
        using var linger = new CancellationTokenSource(_options.Linger, _clock);
        while (_batch.Count < _options.BatchMessagesMax && _batch.Bytes < _options.BatchBytesMax)
        {
            if (_entries.Reader.TryRead(out ProducerEntry entry))
            {
                if (entry.Message is null)
                {
                    return entry.Flushed;
                }

                _batch.Add(entry.Message, entry.Json);
                continue;
            }

            try
            {
                if (!await _entries.Reader.WaitToReadAsync(linger.Token).ConfigureAwait(false))
                {
                    break;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return null;
    }

    private bool Tell(IReadOnlyList<SendError> errors)
    {
        bool isTold = false;
        foreach (Action<IReadOnlyList<SendError>> handler in Rejected?.GetInvocationList() ?? [])
        {
            isTold = true;
            try
            {
                handler(errors);
            }
#pragma warning disable CA1031 // The application's; messages continue.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _logger.HandlerFailed(e, nameof(Rejected));
                Tell(e);
            }
        }

        return isTold;
    }

    private void Tell(Exception failure)
    {
        foreach (Action<Exception> handler in Failed?.GetInvocationList() ?? [])
        {
            try
            {
                handler(failure);
            }
#pragma warning disable CA1031 // The application's; messages continue.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _logger.HandlerFailed(e, nameof(Failed));
            }
        }
    }
}
