using System.Net.ServerSentEvents;

namespace OrleansLake.Client.Http;

/// <summary>One connection to a server's events, until it breaks.</summary>
/// <param name="http">How the server is reached.</param>
/// <param name="url">The stream.</param>
/// <param name="after">The position to continue from; null: from the start.</param>
/// <param name="options">How long it may be silent.</param>
/// <param name="openMax">How long it may take to be opened.</param>
/// <param name="clock">The clock.</param>
internal sealed class EventStream(HttpClient http, string url, LakePosition? after, LakeHttpOptions options, TimeSpan openMax, TimeProvider clock) : IAsyncDisposable
{
    private readonly CancellationTokenSource _silence = new(Timeout.InfiniteTimeSpan, clock);
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<SseItem<string>>? _items;
    private CancellationTokenSource? _linked;

    /// <summary>Gets the reason why it ended; null: the server ended it.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether the time to open it was over before the server had answered.</summary>
    internal bool IsUnanswered => Failure is OperationCanceledException && _items is null;

    /// <summary>Gets the reason why it ended, for people.</summary>
    internal string Reason => Failure switch
    {
        null => "The server ended the stream.",
        OperationCanceledException when IsUnanswered => $"The server did not answer within {Text(openMax)}.",
        OperationCanceledException => $"The server was silent for {Text(options.StreamSilenceMax)}.",
        LakeClientException => Failure.Message,
        _ => HttpFailure.Unreachable(Failure).Message,
    };

    /// <summary>Returns the next update; null if the connection broke or ended.</summary>
    /// <exception cref="LakeClientException">The server refused, and would again; or what it says is not a lake's.</exception>
    internal async ValueTask<LiveUpdate?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_items is null)
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            while (true)
            {
                // Only while it is waited for: a reader may take its time between two updates.
                _silence.CancelAfter(options.StreamSilenceMax);
                if (!await _items!.MoveNextAsync().ConfigureAwait(false))
                {
                    return null;
                }

                _silence.CancelAfter(Timeout.InfiniteTimeSpan);
                if (EventReader.Read(_items.Current, options.Reports) is { } update)
                {
                    return update;
                }
            }
        }
        catch (LakeClientException e) when (e.Kind is LakeClientErrorKind.Unavailable or LakeClientErrorKind.Failed && _items is null)
        {
            Failure = e;
            return null;
        }
        catch (Exception e) when (HttpFailure.IsOfConnection(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Failure = e;
            return null;
        }
        catch (Exception e) when (HttpFailure.IsOfContent(e))
        {
            throw HttpFailure.NotUnderstood(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_items is not null)
        {
            await _items.DisposeAsync().ConfigureAwait(false);
        }

        _response?.Dispose();
        _linked?.Dispose();
        _silence.Dispose();
    }

    private static string Text(TimeSpan time) => HttpFailure.Text(time);

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
        _silence.CancelAfter(openMax);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", after.ToString());
        }

        _response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _linked.Token).ConfigureAwait(false);
        if (!_response.IsSuccessStatusCode)
        {
            throw await HttpFailure.OfAsync(_response, _linked.Token).ConfigureAwait(false);
        }

        if (_response.Content.Headers.ContentType?.MediaType is not "text/event-stream" and var type)
        {
            // Somebody's login page, say: to ask again would end the same.
            throw new LakeClientException(LakeClientErrorKind.BadRequest, $"The answer is not a lake's stream but {type ?? "of no type"}: is the address right?");
        }

        Stream body = await _response.Content.ReadAsStreamAsync(_linked.Token).ConfigureAwait(false);
        _items = SseParser.Create(new ActivityStream(body, () => _silence.CancelAfter(options.StreamSilenceMax))).EnumerateAsync(_linked.Token).GetAsyncEnumerator(_linked.Token);
    }
}
