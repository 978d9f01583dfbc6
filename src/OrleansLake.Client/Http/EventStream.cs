using System.Net.ServerSentEvents;

namespace OrleansLake.Client.Http;

/// <summary>One connection to a server's events, until it breaks.</summary>
internal sealed class EventStream(HttpClient http, string url, LakePosition? after, TimeSpan silenceMax) : IAsyncDisposable
{
    private readonly CancellationTokenSource _silence = new();
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<SseItem<string>>? _items;
    private CancellationTokenSource? _linked;

    /// <summary>Why it ended.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>The next event; null if the connection broke or ended.</summary>
    /// <exception cref="LakeClientException">The server refused, and would again.</exception>
    internal async ValueTask<SseItem<string>?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_items is null)
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            return await _items!.MoveNextAsync().ConfigureAwait(false) ? _items.Current : null;
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.Unavailable)
        {
            Failure = e;
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Failure = e;
            return null;
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

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
        _silence.CancelAfter(silenceMax);
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

        Stream body = await _response.Content.ReadAsStreamAsync(_linked.Token).ConfigureAwait(false);
        _items = SseParser.Create(new HeardStream(body, () => _silence.CancelAfter(silenceMax))).EnumerateAsync(_linked.Token).GetAsyncEnumerator(_linked.Token);
    }
}
