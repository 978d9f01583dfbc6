using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansLake.Client.Http;

namespace OrleansLake.Client;

/// <summary>
/// A lake over HTTP. Reads are repeated where the server is away or behind; sends are repeated where that cannot store
/// a message twice; watching goes on from where it was after a connection breaks.
/// </summary>
/// <param name="http">How the server is reached; its base address and key are set by <see cref="Configure"/>.</param>
/// <param name="retries">How calls are repeated.</param>
/// <param name="clock">What the clock is; null: the system's.</param>
public sealed class HttpLakeClient(HttpClient http, LakeHttpOptions retries, TimeProvider? clock = null) : ILakeClient
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Sets up a connection by options.</summary>
    public static HttpClient Configure(HttpClient http, LakeHttpOptions options)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        Uri address = options.BaseAddress ?? throw new ArgumentException("The lake's address is missing.", nameof(options));
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
        for (int tries = 1; ; tries++)
        {
            TimeSpan? told;
            try
            {
                using HttpRequestMessage request = SendRequest(messages, options);
                using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                told = HttpFailure.RetryAfter(response);
                bool isNotStored = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict;
                if (!isNotStored || tries == retries.TriesMax || told > retries.RetryDelayMax)
                {
                    return await SendResults.OfAsync(response, text, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // It may have been stored: only a key makes it safe to send it again.
                if (options.IdempotencyKey is null || tries == retries.TriesMax)
                {
                    throw new LakeClientException(LakeClientErrorKind.Unavailable, $"The server cannot be reached: {e.Message}", e);
                }

                told = null;
            }

            await Task.Delay(Retrying.Delay(retries, tries, told), _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        using JsonDocument json = await GetAsync(LakeUrls.Report(query), cancellationToken).ConfigureAwait(false);
        return ReportReader.Snapshot(json.RootElement);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string url = LakeUrls.Stream(query);
        LakePosition? after = query.After;
        int failures = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var stream = new EventStream(http, url, after, retries.StreamSilenceMax);
            while (await stream.NextAsync(cancellationToken).ConfigureAwait(false) is { } item)
            {
                failures = 0;
                if (EventReader.Read(item) is { } update)
                {
                    after = update.IsComplete ? update.Position : after;
                    yield return update;
                }
            }

            if (++failures >= retries.TriesMax)
            {
                throw new LakeClientException(LakeClientErrorKind.Unavailable, $"The stream ended, and {retries.TriesMax} tries to connect again failed: {stream.Failure?.Message ?? "it ended at once"}", stream.Failure);
            }

            await Task.Delay(Retrying.Delay(retries, failures, null), _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageId);
        using JsonDocument json = await GetAsync($"v1/messages/{Uri.EscapeDataString(messageId)}", cancellationToken).ConfigureAwait(false);
        return ReadingReader.Message(json.RootElement);
    }

    /// <inheritdoc/>
    public async ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default)
    {
        using JsonDocument json = await GetAsync("v1/ledger", cancellationToken).ConfigureAwait(false);
        return ReadingReader.Ledger(json.RootElement);
    }

    /// <inheritdoc/>
    public async Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        using JsonDocument json = await GetAsync(LakeUrls.Quarantine(query), cancellationToken).ConfigureAwait(false);
        return ReadingReader.Quarantine(json.RootElement);
    }

    /// <inheritdoc/>
    public async ValueTask<LakeStanding> GetStandingAsync(CancellationToken cancellationToken = default)
    {
        using JsonDocument json = await GetAsync("v1/status", cancellationToken).ConfigureAwait(false);
        return ReadingReader.Standing(json.RootElement);
    }

    private static HttpRequestMessage SendRequest(ReadOnlySequence<byte> messages, SendOptions send)
    {
        string url = (send.Strict, send.WaitForReports) switch
        {
            (true, true) => "v1/messages?strict=true&wait=report",
            (true, false) => "v1/messages?strict=true",
            (false, true) => "v1/messages?wait=report",
            _ => "v1/messages",
        };
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new SequenceContent(messages) };
        if (messages.FirstSpan is [(byte)'[', ..])
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (send.IdempotencyKey is { } key)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"\"{key}\"");
        }

        return request;
    }

    private async Task<JsonDocument> GetAsync(string url, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            LakeClientException failure;
            try
            {
                using HttpResponseMessage response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                    return await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
                }

                failure = await HttpFailure.OfAsync(response, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                failure = new LakeClientException(LakeClientErrorKind.Unavailable, $"The server cannot be reached: {e.Message}", e);
            }

            if (failure.Kind != LakeClientErrorKind.Unavailable || tries >= retries.TriesMax)
            {
                throw failure;
            }

            await Task.Delay(Retrying.Delay(retries, tries, failure.RetryAfter), _clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
