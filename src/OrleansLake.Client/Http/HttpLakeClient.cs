using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansLake.Client.Http;
using OrleansLake.Client.Sending;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>
/// A lake over HTTP. Reads are repeated where the server is away or behind; sends are repeated where that cannot store
/// a message twice; watching continues from where it was after a connection breaks. No call waits longer than
/// <see cref="LakeHttpOptions.TryTimeout"/> and <see cref="LakeHttpOptions.CallTimeout"/> say.
/// </summary>
public sealed class HttpLakeClient : ILakeClient, ILakeSources, ILakeSinks
{
    // From here on a server is asked whether it takes a body of that size before it is sent: its refusal would be lost
    // where it closes a connection that is still written to.
    private const int AskedBytesMin = 2 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly LakeHttpOptions _options;
    private readonly TimeProvider _clock;
    private volatile ReportCatalog? _asked;

    /// <summary>Initializes the client.</summary>
    /// <param name="http">How the server is reached; its base address and key are set by <see cref="Configure"/>.</param>
    /// <param name="options">How calls are bounded and repeated.</param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <exception cref="ArgumentException">An option is invalid; the exception names it.</exception>
    public HttpLakeClient(HttpClient http, LakeHttpOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        LakeHttpRules.Check(options);
        if (http.BaseAddress is null)
        {
            throw new ArgumentException("The HttpClient has no address; set it up with HttpLakeClient.Configure.", nameof(http));
        }

        _http = http;
        _options = options;
        _clock = clock ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public ReportCatalog Reports => _asked ?? _options.Reports;

    /// <inheritdoc/>
    public async ValueTask<IdTypes> GetIdTypesAsync(CancellationToken cancellationToken = default) =>
        (_asked ??= _options.Reports.Of((await GetStatusAsync(cancellationToken).ConfigureAwait(false)).Ids)).Ids;

    /// <summary>Sets up a connection by options.</summary>
    /// <exception cref="ArgumentException">The address is missing, or an option is invalid.</exception>
    public static HttpClient Configure(HttpClient http, LakeHttpOptions options)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        LakeHttpRules.Check(options);
        Uri address = options.BaseAddress ?? throw new ArgumentException("The lake's address is missing: set LakeHttpOptions.BaseAddress.", nameof(options));
        http.BaseAddress = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (options.Key is { } key)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, SendOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Refusal is not null)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, "A server accepts messages, and nothing that is refused beforehand.");
        }

        string? key = options.IdempotencyKey is { } text ? IdempotencyKeys.Header(text) : null;
        var time = new CallTime(_options, _clock);
        bool isUnsent = true;
        for (int tries = 1; ; tries++)
        {
            TimeSpan? wait;
            try
            {
                (SendResult result, bool isNotStored) = await TryAsync(token => SendOnceAsync(messages, options, key, token), time, cancellationToken).ConfigureAwait(false);
                wait = isNotStored ? time.NextWait(tries, result.RetryAfter) : null;
                if (wait is null)
                {
                    return result;
                }
            }
            catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.Unavailable)
            {
                isUnsent &= e.IsUnsent;
                if (key is null)
                {
                    // Only a key makes it safe to send it again.
                    throw new LakeClientException(e.Kind, $"{e.Message.TrimEnd('.')}. {(isUnsent ? "Nothing was sent." : "What was sent may be stored or not; under an idempotency key it can be sent again.")}", e) { RetryAfter = e.RetryAfter, IsUnsent = isUnsent };
                }

                wait = time.NextWait(tries, e.RetryAfter);
                if (wait is null)
                {
                    throw GivenUp(tries, e, isUnsent);
                }
            }

            await Task.Delay(wait.Value, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await GetAsync(LakeUrls.Report(query), json => ReportReader.Snapshot(json, Reports), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string url = LakeUrls.Stream(query);
        LakePosition? after = query.After;
        LakePosition seen = query.After ?? LakePosition.None;
        var outage = new WatchOutage(_options, _clock);
        string? reason = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var stream = new EventStream(_http, url, after, _options, outage.OpenMax(), _clock);
            while (await stream.NextAsync(cancellationToken).ConfigureAwait(false) is { } update)
            {
                outage.End();
                after = update.IsComplete ? update.Position : after;
                seen = update.Position;
                yield return update;
            }

            // The last try may have had no time to get the reason: then the reason got before says more.
            bool isCutShort = outage.IsCutShort && stream.IsUnanswered;
            reason = isCutShort ? reason ?? stream.Reason : stream.Reason;
            TimeSpan? wait = outage.NextWait();
            if (wait is null)
            {
                throw new LakeClientException(
                    LakeClientErrorKind.Unavailable, $"The stream ended, and could not be opened again for {HttpFailure.Text(_options.WatchOutageMax)} (LakeHttpOptions.WatchOutageMax): {reason}", stream.Failure);
            }

            yield return new LiveBehind(seen, outage.Since, reason) { IsComplete = false };
            await Task.Delay(wait.Value, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default) =>
        GetAsync(LakeUrls.Message(messageId), QueryResponseReader.Message, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default) =>
        await GetAsync("v1/ledger", QueryResponseReader.Ledger, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("v1/mappings", QueryResponseReader.Mappings, cancellationToken);

    /// <inheritdoc/>
    public Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default) => TriedAsync(
        async token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, LakeUrls.Mapping(name)) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
            using HttpResponseMessage response = await _http.SendAsync(request, token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? true : throw await HttpFailure.OfAsync(response, token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default) => TriedAsync(
        async token =>
        {
            using HttpResponseMessage response = await _http.DeleteAsync(LakeUrls.Mapping(name), token).ConfigureAwait(false);
            return response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.NotFound ? false : throw await HttpFailure.OfAsync(response, token).ConfigureAwait(false));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return GetAsync(LakeUrls.Quarantine(query), QueryResponseReader.Quarantine, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default) =>
        await GetAsync("v1/status", QueryResponseReader.Standing, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SourceStatus>> GetSourcesAsync(CancellationToken cancellationToken = default) => GetAsync("v1/sources", SourceJson.Sources, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SinkStatus>> GetSinksAsync(CancellationToken cancellationToken = default) => GetAsync("v1/sinks", SinkJson.Sinks, cancellationToken);

    /// <inheritdoc/>
    public Task SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken = default) => TriedAsync(token => PostAsync(LakeUrls.Pause(source, isPaused), static _ => true, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SourceMove>> SeekAsync(SourceSeek seek, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seek);
        return TriedAsync(token => PostAsync(LakeUrls.Seek(seek), SourceJson.Moves, token), cancellationToken);
    }

    private static HttpRequestMessage SendRequest(ReadOnlySequence<byte> messages, SendOptions send, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, LakeUrls.Send(send)) { Content = new SequenceContent(messages) };
        if (send.IsJsonText || messages.FirstSpan is [(byte)'[', ..])
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Headers.ExpectContinue = messages.Length >= AskedBytesMin ? true : null;
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return request;
    }

    private async Task<(SendResult Result, bool IsNotStored)> SendOnceAsync(ReadOnlySequence<byte> messages, SendOptions options, string? key, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = SendRequest(messages, options, key);
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        SendResult result = await SendResults.OfAsync(response, text, cancellationToken).ConfigureAwait(false);
        return (result, response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict);
    }

    private Task<T> GetAsync<T>(string url, Func<JsonElement, T> read, CancellationToken cancellationToken) =>
        TriedAsync(token => GetOnceAsync(url, read, token), cancellationToken);

    // For what may be asked, or done, more than once.
    private async Task<T> TriedAsync<T>(Func<CancellationToken, Task<T>> once, CancellationToken cancellationToken)
    {
        var time = new CallTime(_options, _clock);
        for (int tries = 1; ; tries++)
        {
            TimeSpan? wait;
            try
            {
                return await TryAsync(once, time, cancellationToken).ConfigureAwait(false);
            }
            catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.Unavailable)
            {
                wait = time.NextWait(tries, e.RetryAfter);
                if (wait is null)
                {
                    throw GivenUp(tries, e);
                }
            }

            await Task.Delay(wait.Value, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> GetOnceAsync<T>(string url, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, read, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> PostAsync<T>(string url, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsync(url, null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, read, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await HttpFailure.OfAsync(response, cancellationToken).ConfigureAwait(false);
        }

        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return read(default);
        }

        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using JsonDocument json = await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
        return read(json.RootElement);
    }

    /// <summary>Makes one try within its time; whatever goes wrong is the contract's exception.</summary>
    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> once, CallTime time, CancellationToken cancellationToken)
    {
        TimeSpan max = time.TryMax();
        using var limit = new CancellationTokenSource(max, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await once(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailure.TimedOut(
                !limit.IsCancellationRequested ? $"{HttpFailure.Text(_http.Timeout)} (HttpClient.Timeout)"
                : max == _options.TryTimeout ? $"{HttpFailure.Text(max)} (LakeHttpOptions.TryTimeout)"
                : $"what was left of the call's {HttpFailure.Text(_options.CallTimeout)} (LakeHttpOptions.CallTimeout)",
                e);
        }
        catch (Exception e) when (HttpFailure.IsOfConnection(e))
        {
            throw HttpFailure.Unreachable(e);
        }
        catch (Exception e) when (HttpFailure.IsOfContent(e))
        {
            throw HttpFailure.NotUnderstood(e);
        }
    }

    private static LakeClientException GivenUp(int tries, LakeClientException last, bool isUnsent = false) => tries == 1 ? last
        : new LakeClientException(last.Kind, $"{last.Message.TrimEnd('.')}. It was tried {tries} times.", last) { RetryAfter = last.RetryAfter, IsUnsent = isUnsent };
}
