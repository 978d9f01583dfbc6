using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLake.Client;
using OrleansLake.Server.Security;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Security;

/// <summary>Tests who is answered by an application with a lake and no keys.</summary>
public class AnonymousAccessTests
{
    private static readonly string[] Urls = ["/v1/ledger", "/v1/reports/report1", "/v1/stream", "/openapi/v1.json", "/metrics"];

    // They hold no data.
    private static readonly string[] FileUrls = ["/dashboard/", "/dashboard/dashboard.js", "/dashboard/orleans-lake-report.js", "/dashboard/embed.html"];

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    public async Task Without_keys_another_machine_is_refused_and_this_one_is_not_and_the_log_says_so(string url)
    {
        await using var app = await ApplicationUnderTest.StartAsync(urls: url);
        foreach (string path in Urls)
        {
            (int status, string type, string detail) = await app.AskAsync(Beyond(), path);
            Assert.Equal((403, "urn:orleanslake:problem:no-keys"), (status, type));
            Assert.Contains("OrleansLake:Keys", detail, StringComparison.Ordinal);
            Assert.Equal(200, (await app.AskAsync("127.0.0.1", path)).Status);
        }

        foreach (string path in FileUrls)
        {
            Assert.Equal(200, (await app.AskAsync(Beyond(), path)).Status);
        }

        Assert.Contains(app.Log, line => line.Contains("beyond loopback", StringComparison.Ordinal) && line.Contains("IsOpenToEverybody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_keys_a_bearer_of_the_applications_own_is_not_looked_at_and_one_of_a_lakes_is(bool hasEmbedKeys)
    {
        var known = EmbedKey.Create("site");
        await using var app = await ApplicationUnderTest.StartAsync(options =>
        {
            if (hasEmbedKeys)
            {
                options.Embed.Keys.Add(known);
            }
        });
        var header = ("Authorization", "");
        foreach (string own in (string[])["abc", "a.b.c", "", "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFwcCJ9.eyJzdWIiOiJhbm4ifQ.c2ln"])
        {
            // Where pages have tokens of the lake's, one that is not known may be one of these that was damaged.
            bool isRefused = hasEmbedKeys && own.Length > 0;
            foreach (string path in Urls)
            {
                Assert.Equal(isRefused ? 401 : 200, (await app.AskAsync("127.0.0.1", path, header with { Item2 = $"Bearer {own}" })).Status);
            }

            Assert.Equal(isRefused ? 401 : 200, (await app.AskAsync("127.0.0.1", $"/v1/stream?access_token={own}")).Status);
            Assert.Equal($"urn:orleanslake:problem:{(isRefused ? "unauthorized" : "no-keys")}", (await app.AskAsync(Beyond(), "/v1/ledger", header with { Item2 = $"Bearer {own}" })).Type);
        }

        string Token(EmbedKey key, double minutes) => new EmbedTokens([key], TimeSpan.FromHours(1), TimeProvider.System).Write(
            new EmbedToken { KeyId = key.Id, ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(minutes), Reports = new Dictionary<string, ReportFilter> { ["report1"] = new() } });
        foreach (string lakes in (string[])[LakeApiKey.Create("gone").Text, Token(EmbedKey.Create("gone"), 5), Token(known, -5), Token(known, 5) + "x"])
        {
            Assert.Equal(401, (await app.AskAsync("127.0.0.1", "/v1/reports/report1", header with { Item2 = $"Bearer {lakes}" })).Status);
        }
    }

    [Fact]
    public async Task Whatever_way_kestrel_is_told_to_listen_the_connection_decides()
    {
        await using var app = await ApplicationUnderTest.StartAsync(urls: null, configure: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(0)));
        Assert.Equal(403, (await app.AskAsync(Beyond(), "/v1/ledger")).Status);
        Assert.Equal(200, (await app.AskAsync("127.0.0.1", "/v1/ledger")).Status);
        Assert.Equal(200, (await app.AskAsync("::ffff:127.0.0.1", "/v1/ledger")).Status);
        Assert.Contains(app.Log, line => line.Contains("beyond loopback", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_keys_nothing_is_decided_by_the_address()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        await using var app = await ApplicationUnderTest.StartAsync(options => options.Keys.Add(key));
        Assert.Equal(401, (await app.AskAsync(Beyond(), "/v1/ledger")).Status);
        Assert.Equal(401, (await app.AskAsync("127.0.0.1", "/v1/ledger")).Status);
        Assert.Equal(200, (await app.AskAsync(Beyond(), "/v1/ledger", ("Authorization", $"Bearer {text}"))).Status);
        Assert.Equal(200, (await app.AskAsync(Beyond(), "/dashboard/")).Status);
        Assert.DoesNotContain(app.Log, line => line.Contains("loopback", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_switch_opens_it_and_the_log_warns()
    {
        await using var app = await ApplicationUnderTest.StartAsync(options => options.IsOpenToEverybody = true);
        foreach (string path in Urls)
        {
            Assert.Equal(200, (await app.AskAsync(Beyond(), path)).Status);
        }

        Assert.Contains(app.Log, line => line.Contains("open to everybody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_applications_own_authorization_lets_in_whom_it_lets_in(bool byFallback)
    {
        await using var app = await ApplicationUnderTest.StartAsync(
            configure: builder =>
            {
                builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderLogin>("test", null);
                builder.Services.AddAuthorization(options => options.FallbackPolicy = byFallback ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build() : null);
            },
            map: app =>
            {
                IEndpointConventionBuilder lake = app.MapOrleansLake();
                IEndpointConventionBuilder dashboard = app.MapOrleansLakeDashboard();
                if (!byFallback)
                {
                    lake.RequireAuthorization();
                    dashboard.RequireAuthorization();
                }
            });
        foreach (string path in (string[])[.. Urls, .. FileUrls])
        {
            Assert.Equal(401, (await app.AskAsync(Beyond(), path)).Status);
            Assert.Equal(200, (await app.AskAsync(Beyond(), path, ("X-User", "ann"))).Status);
        }

        Assert.DoesNotContain(app.Log, line => line.Contains("loopback", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_who_is_logged_in_is_not_let_in_where_no_login_is_asked_for()
    {
        await using var app = await ApplicationUnderTest.StartAsync(
            configure: builder =>
            {
                builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderLogin>("test", null);
                builder.Services.AddAuthorization();
            },
            map: app => app.MapGroup("").RequireAuthorization().MapOrleansLake().AllowAnonymous());
        Assert.Equal(403, (await app.AskAsync(Beyond(), "/v1/ledger", ("X-User", "ann"))).Status);
        Assert.Equal(403, (await app.AskAsync(Beyond(), "/v1/ledger")).Status);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9", 403)]
    [InlineData("X-Forwarded-For", "127.0.0.1, 203.0.113.9", 403)]
    [InlineData("X-Forwarded-For", "unknown", 403)]
    [InlineData("X-Forwarded-For", "127.0.0.1:5000", 200)]
    [InlineData("X-Real-IP", "2001:db8::1", 403)]
    [InlineData("Forwarded", "for=203.0.113.9;proto=https", 403)]
    [InlineData("Forwarded", "proto=https;for=\"[2001:db8::1]:4711\"", 403)]
    [InlineData("Forwarded", "for=\"[::1]\";proto=https", 200)]
    public async Task A_proxy_on_this_machine_does_not_make_its_clients_this_machine(string header, string value, int expected)
    {
        await using var app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0");
        Assert.Equal(expected, (await app.AskAsync("127.0.0.1", "/v1/ledger", (header, value))).Status);
    }

    [Fact]
    public async Task Forwarded_headers_that_anybody_may_send_open_nothing()
    {
        // An application that trusts every proxy: a client says that it is loopback itself.
        await using var app = await ApplicationUnderTest.StartAsync(before: app =>
        {
            var trusting = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
            trusting.KnownProxies.Clear();
            trusting.KnownIPNetworks.Clear();
            app.UseForwardedHeaders(trusting);
        });
        Assert.Equal(403, (await app.AskAsync(Beyond(), "/v1/ledger", ("X-Forwarded-For", "127.0.0.1"))).Status);
        Assert.Equal(403, (await app.AskAsync("127.0.0.1", "/v1/ledger", ("X-Forwarded-For", "203.0.113.9"))).Status);
        Assert.Equal(200, (await app.AskAsync("127.0.0.1", "/v1/ledger", ("X-Forwarded-For", "127.0.0.1"))).Status);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:80", 200)]
    [InlineData("lake.localhost", 200)]
    [InlineData("127.0.0.1:5080", 200)]
    [InlineData("127.1.2.3", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("203.0.113.9", 403)]
    public async Task A_name_that_somebody_elses_page_may_have_lead_here_is_refused(string host, int expected)
    {
        await using var app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0");
        (int status, string type, string detail) = await app.AskAsync("127.0.0.1", "/v1/ledger", ("Host", host));
        Assert.Equal(expected, status);
        if (expected == 403)
        {
            Assert.Equal("urn:orleanslake:problem:no-keys", type);
            Assert.Contains($"not as '{host}'. Ask for localhost or 127.0.0.1, name that host in the application's AllowedHosts", detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("lake.example;*.team.example", "lake.example", 200)]
    [InlineData("lake.example;*.team.example", "a.team.example:80", 200)]
    [InlineData("lake.example;*.team.example", "evil.example", 400)]
    [InlineData("*", "evil.example", 403)]
    public async Task Names_that_the_application_allows_are_answered(string allowed, string host, int expected)
    {
        await using var app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0", configure: builder => builder.Configuration["AllowedHosts"] = allowed);
        Assert.Equal(expected, (await app.AskAsync("127.0.0.1", "/v1/ledger", ("Host", host))).Status);
    }

    [Fact]
    public async Task With_keys_or_open_to_everybody_no_name_is_looked_at()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        await using var keyed = await ApplicationUnderTest.StartAsync(options => options.Keys.Add(key));
        Assert.Equal(200, (await keyed.AskAsync("127.0.0.1", "/v1/ledger", ("Host", "lake.example"), ("Authorization", $"Bearer {text}"))).Status);
        await using var open = await ApplicationUnderTest.StartAsync(options => options.IsOpenToEverybody = true);
        Assert.Equal(200, (await open.AskAsync("127.0.0.1", "/v1/ledger", ("Host", "lake.example"))).Status);
    }

    [Fact]
    public async Task A_unix_socket_is_this_machine()
    {
        using var scratch = new ScratchFolder();
        await using var app = await ApplicationUnderTest.StartAsync(urls: $"http://unix:{scratch["socket"]}");
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(scratch["socket"]), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("http://localhost/v1/ledger")).StatusCode);
        Assert.DoesNotContain(app.Log, line => line.Contains("loopback", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_in_the_process_itself_is_this_machine()
    {
        var context = new DefaultHttpContext();
        Assert.True(AnonymousAccess.IsFromThisMachine(context));
        context.Connection.LocalIpAddress = IPAddress.Parse("192.0.2.1");
        Assert.False(AnonymousAccess.IsFromThisMachine(context));
    }

    [Fact]
    public async Task The_switch_is_refused_beside_keys()
    {
        (_, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ApplicationUnderTest.StartAsync(options =>
        {
            options.Keys.Add(key);
            options.IsOpenToEverybody = true;
        }));
        Assert.Contains("OrleansLake:IsOpenToEverybody is 'True' beside OrleansLake:Keys", refused.Message, StringComparison.Ordinal);
    }

    // An address of this machine that is not loopback: what comes over it comes as from elsewhere.
    private static string Beyond() => NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address)
        .First(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).ToString();
}
