using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Engine.Sending;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Live;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Security;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Requests;

/// <summary>The services that requests are answered with: made once, looked up once a request.</summary>
internal sealed class LakeServer(
    ILakeClient client, LakeServerOptions options, IEnumerable<ILakeAuthenticator> authenticators, AnonymousAccess anonymous, EmbedTokens embedTokens, DrainState drain, LakeMetrics metrics, PrometheusText prometheus,
    TimeProvider clock, ILogger<LakeServer> logger, ServeSettings? serve = null) : IAsyncDisposable
{
    internal ILakeClient Client { get; } = client;

    /// <summary>Gets the sites whose pages may read; <c>lake serve</c> answers them on every route, and so not here.</summary>
    internal LakeOrigins Origins { get; } = new(serve is null ? options.AllowedOrigins : []);

    /// <summary>Gets the sites whose pages may send what a browser sends without asking first.</summary>
    internal LakeOrigins Senders { get; } = new(options.AllowedOrigins);

    internal LakeServerLimits Limits { get; } = options.Limits;

    internal ILakeAuthenticator[] Authenticators { get; } = [.. authenticators];

    internal AnonymousAccess Anonymous { get; } = anonymous;

    /// <summary>Gets a value indicating whether pages have tokens of the lake's.</summary>
    internal bool HasEmbedKeys => embedTokens.HasKeys;

    /// <summary>Returns whether a token is one that only the lake judges, though it does not know it, or not any longer.</summary>
    internal bool IsLakes(string token) => token.StartsWith(LakeApiKey.Prefix, StringComparison.Ordinal) || embedTokens.IsOurs(token);

    /// <summary>Returns the fault of an embed token's claims; null if it is not one, or not signed by one of the lake's keys.</summary>
    internal string? ProblemOf(string token) => embedTokens.ProblemOf(token);

    internal DrainState Drain { get; } = drain;

    /// <summary>Returns the reason why the lake cannot be served for a while: see <see cref="ILakeOutage"/>.</summary>
    internal string? Outage(bool looks = false) => (Client as ILakeOutage)?.Outage(looks);

    internal LakeMetrics Metrics { get; } = metrics;

    /// <summary>Gets the metrics as text, which count from the first request on, not from when they are first read.</summary>
    internal PrometheusText Prometheus { get; } = prometheus;

    internal LeftOutNews LeftOut { get; } = new();

    internal TimeProvider Clock { get; } = clock;

    internal ILogger Log { get; } = logger;

    internal FeedRegistry Feeds { get; } = new(client, clock, options.Limits.FeedsMax);

    internal StreamCaps Streams { get; } = new(options.Limits.StreamsMax, options.Limits.StreamsPerAddressMax);

    internal ByteBudget Bodies { get; } = new(options.Limits.BodiesBytesMax);

    internal ReportRequests Reports { get; } = new();

    public ValueTask DisposeAsync() => Feeds.DisposeAsync();
}
