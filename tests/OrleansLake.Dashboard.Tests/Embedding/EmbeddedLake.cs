using System.Globalization;
using OrleansLake.Client;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.Server;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Embedding;

/// <summary>A lake, a site of another origin that it lets read, and the key with which that site signs tokens.</summary>
internal sealed class EmbeddedLake : IAsyncDisposable
{
    private static readonly EmbedKey Key = EmbedKey.Create("site");

    private EmbeddedLake(ServedLake lake, TestSite site)
    {
        Lake = lake;
        Site = site;
    }

    internal ServedLake Lake { get; }

    internal TestSite Site { get; }

    /// <summary>Event streams that are open at the server.</summary>
    internal int Streams => Lake.Service<Server.Requests.LakeServer>().Streams.Count;

    internal static async Task<EmbeddedLake> StartAsync(Action<LakeServerOptions>? configure = null)
    {
        int port = FreePort.Take();
        string origin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        ServedLake lake = await ServedLake.StartAsync(options =>
        {
            options.AllowedOrigins.Add(origin);
            options.Embed.Keys.Add(Key);
            options.Embed.FrameAncestors.Add(origin);
            configure?.Invoke(options);
        });
        return new EmbeddedLake(lake, await TestSite.StartAsync(lake.Address, port));
    }

    /// <summary>A token for some channels of report 1 and the users of report 2; without channels, for all of them.</summary>
    internal string Token(TimeSpan lifetime, params string[] channels) => Lake.Service<EmbedTokens>().Write(new EmbedToken
    {
        KeyId = Key.Id,
        ExpiresAt = DateTimeOffset.UtcNow + lifetime,
        Reports = new Dictionary<string, ReportFilter>
        {
            ["report1"] = channels.Length == 0 ? ReportFilter.None : new ReportFilter { Channels = channels },
            ["report2"] = ReportFilter.None,
        },
    });

    internal string Token(params string[] channels) => Token(TimeSpan.FromMinutes(5), channels);

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Lake.DisposeAsync();
    }
}
