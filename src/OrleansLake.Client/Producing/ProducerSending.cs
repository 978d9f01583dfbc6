using Microsoft.Extensions.Logging;
using OrleansLake.Core.Time;

namespace OrleansLake.Client.Producing;

/// <summary>Sends a producer's batches, each until the lake has it.</summary>
/// <param name="client">Where they go.</param>
/// <param name="backOffMax">The longest wait before one is sent again.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it is logged.</param>
/// <param name="tellRejected">Notifies the application of records that were not accepted; false: nobody listens.</param>
/// <param name="tellFailed">Notifies the application of a batch that is sent again.</param>
internal sealed class ProducerSending(
    ILakeClient client, TimeSpan backOffMax, TimeProvider clock, ILogger logger, Func<IReadOnlyList<SendError>, bool> tellRejected, Action<Exception> tellFailed)
{
    // However long a server asks for.
    private static readonly TimeSpan RestMax = TimeSpan.FromDays(1);

    // They are large.
    private const int RefusedKeptMax = 100;

    private readonly Backoff _rests = new(TimeSpan.FromMilliseconds(50), backOffMax);
    private readonly List<LakeMessage> _refused = [];
    private readonly string _name = Guid.NewGuid().ToString("N");
    private long _batches;
    private long _sent;
    private int _refusals;

    /// <summary>Gets the number of messages that the lake has, in its quarantine not included.</summary>
    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>Gets the reason why a batch could not be sent, at last.</summary>
    internal LakeClientException? LastFailure { get; private set; }

    /// <summary>Gets the messages that the lake refused for good while nobody listened, or the first of them.</summary>
    internal IReadOnlyList<LakeMessage> Refused => _refused;

    /// <summary>Gets the reason why the first one was refused.</summary>
    internal LakeClientException? FirstRefusal { get; private set; }

    /// <summary>Returns how many were refused like that since this was called before.</summary>
    internal int TakeRefusals()
    {
        int refusals = _refusals;
        _refusals = 0;
        return refusals;
    }

    /// <summary>Ends when the lake has some of a batch's messages, or has refused them for good.</summary>
    /// <exception cref="LakeClientException">It never will.</exception>
    internal async Task SendAsync(ProducerBatch batch, int first, int count, CancellationToken cancellationToken)
    {
        // The application is notified of every message that is not accepted.
        var options = new SendOptions { IdempotencyKey = $"{_name}-{_batches++}", ErrorsMax = Math.Max(count, SendErrors.ErrorsMax) };
        bool isUnsent = true;
        for (int tries = 1; ; tries++)
        {
            LakeClientException failure;
            try
            {
                // Only an answer says what became of it; a client that does not look at the token is not waited for.
                batch.Uncertain = count;
                SendResult result = await client.SendAsync(batch.Body(first, count), options, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
                if (result.Status == SendStatus.Stored)
                {
                    Settle(batch, first, count, result);
                    return;
                }

                failure = new LakeClientException(KindOf(result), result.Detail ?? result.Status.ToString()) { RetryAfter = result.RetryAfter };
            }
            catch (LakeClientException e)
            {
                failure = e;
            }

            if (failure.Kind is not (LakeClientErrorKind.Unavailable or LakeClientErrorKind.Failed))
            {
                // Nothing of it was stored, and never will be as it is.
                batch.Uncertain = 0;
                if (failure.Kind != LakeClientErrorKind.TooLarge)
                {
                    throw failure;
                }

                if (count == 1)
                {
                    Refuse(batch, first, failure);
                    return;
                }

                int half = batch.Half(first, count);
                await SendAsync(batch, first, half, cancellationToken).ConfigureAwait(false);
                await SendAsync(batch, first + half, count - half, cancellationToken).ConfigureAwait(false);
                return;
            }

            // Of a connection that could not be made.
            isUnsent &= failure.IsUnsent;
            batch.Uncertain = isUnsent ? 0 : count;
            LastFailure = failure;
            TimeSpan wait = failure.RetryAfter is not { } told ? _rests.After(tries) : told < RestMax ? told : RestMax;
            logger.SentAgain(count, wait, failure.Message);
            tellFailed(failure);
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Settle(ProducerBatch batch, int first, int count, SendResult result)
    {
        batch.Settled = first + count;
        batch.Uncertain = 0;
        LastFailure = null;
        Volatile.Write(ref _sent, _sent + count - result.Quarantined);
        if (result.Errors.Count > 0)
        {
            logger.NotIngested(result.Quarantined, count, result.Errors[0].Code, result.Errors[0].Detail);
            tellRejected([.. result.Errors.Select(error => error.Line >= 1 && error.Line <= count ? error with { Message = batch.Message(first + (int)error.Line - 1) } : error)]);
        }
    }

    // It is nowhere but here: where nobody listens, it is reported in the end.
    private void Refuse(ProducerBatch batch, int index, LakeClientException failure)
    {
        var error = new SendError(1, "too_large", failure.Message) { Message = batch.Message(index) };
        logger.NotIngested(1, 1, error.Code, error.Detail);
        batch.Settled = index + 1;
        if (!tellRejected([error]))
        {
            FirstRefusal ??= failure;
            _refusals++;
            if (_refused.Count < RefusedKeptMax)
            {
                _refused.Add(error.Message);
            }
        }
    }

    private static LakeClientErrorKind KindOf(SendResult result) => result.Status switch
    {
        SendStatus.TooManyDates when result.RetryAfter is null => LakeClientErrorKind.TooLarge,
        SendStatus.Refused or SendStatus.KeyConflict or SendStatus.UnknownMapping => LakeClientErrorKind.BadRequest,
        _ => LakeClientErrorKind.Unavailable,
    };
}
