using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Tests.Security;

public class KeyTests
{
    [Fact]
    public async Task Every_route_but_health_and_the_files_of_the_dashboard_answers_401_without_a_key()
    {
        (_, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        RouteEndpoint[] routes = [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
        Assert.True(routes.Length >= 11);
        foreach (RouteEndpoint route in routes)
        {
            string url = "/" + route.RoutePattern.RawText!.TrimStart('/').Replace("{report}", "report1", StringComparison.Ordinal).Replace("{id}", "a", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
                .Replace("{**file}", "index.html", StringComparison.Ordinal);
            foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), url);
                using HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                // The dashboard's page has to be there to ask for a key; it holds no data.
                bool isOpen = url is "/health" or "/alive" or "/" or "/dashboard/index.html";
                Assert.True(isOpen == response.IsSuccessStatusCode, $"{method} {url}: {response.StatusCode}");
                if (!isOpen)
                {
                    Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                    Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
                }
            }
        }
    }

    [Theory]
    [InlineData(LakeScopes.Ingest, true, false, false)]
    [InlineData(LakeScopes.Read, false, true, false)]
    [InlineData(LakeScopes.Admin, false, false, true)]
    [InlineData(LakeScopes.All, true, true, true)]
    public async Task A_key_may_do_what_its_scopes_say(LakeScopes scopes, bool ingests, bool reads, bool administers)
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("one", scopes);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        Assert.Equal(ingests ? HttpStatusCode.Accepted : HttpStatusCode.Forbidden, (await server.PostAsync(ServerUnderTest.Line("a"))).StatusCode);
        Assert.Equal(reads ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await server.Http.GetAsync("/v1/reports/report1")).StatusCode);
        Assert.Equal(administers ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await server.Http.GetAsync("/v1/quarantine")).StatusCode);
        Assert.Equal(administers ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await server.Http.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public void A_new_key_may_only_ingest() => Assert.Equal(LakeScopes.Ingest, LakeApiKey.Create("new").Key.Scopes);

    [Fact]
    public async Task A_wrong_key_is_refused_also_where_it_is_nearly_right()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("one", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        foreach (string wrong in (string[])[text[..^1], text + "x", text.ToUpperInvariant(), key.Sha256, "", "olk_"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ledger");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {wrong}");
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Http.SendAsync(request)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/v1/reports/report1/stream?access_token=KEY", null, "A key is not accepted in the address; a stream takes an embed token there. Give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger?access_token=KEY", null, "A key is not accepted in the address; a stream takes an embed token there. Give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger", "Basic KEY", "The header Authorization is not understood: give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger", "KEY", "The header Authorization is not understood: give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger", "Bearer", "The header Authorization is not understood: give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger", "Bearer Bearer KEY", "The header Authorization is not understood: give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger", "Bearer \"KEY\"", "The header Authorization is not understood: give the key as `Authorization: Bearer KEY`.")]
    [InlineData("/v1/ledger", null, "A key is needed: Authorization: Bearer KEY.")]
    [InlineData("/v1/ledger", "Bearer KEYx", "The key is not known, or has expired.")]
    [InlineData("/v1/ledger?access_token=a.b.c", null, "The key is not known, or has expired.")]
    public async Task A_key_in_the_wrong_place_is_told_the_right_one_be_it_known_or_not(string url, string? authorization, string detail)
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("one", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        foreach (string brought in (string[])[text, LakeApiKey.Create("another").Text])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url.Replace("KEY", brought, StringComparison.Ordinal));
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization.Replace("KEY", brought, StringComparison.Ordinal));
            }

            using HttpResponseMessage response = await server.Http.SendAsync(request);
            Assert.Equal((HttpStatusCode.Unauthorized, "nosniff"), (response.StatusCode, Assert.Single(response.Headers.GetValues("X-Content-Type-Options"))));

            // As it is read at a terminal.
            Assert.EndsWith($"\"detail\":\"{detail}\"}}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://[::]:0")]
    public void Beyond_loopback_it_does_not_start_without_keys(string url) =>
        Assert.Contains("keys", Assert.Throws<ServeSettingsException>(() => LakeWebServer.Build(new ServeSettings { Urls = [url], Configure = _ => { } })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://lake.invalid:0")]
    public void Where_this_machine_is_not_it_does_not_start_either(string url) =>
        Assert.Throws<ServeSettingsException>(() => LakeWebServer.Build(new ServeSettings { Urls = [url], Configure = _ => { } }));

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:5999")]
    [InlineData("http://[::1]:0")]
    public async Task On_loopback_it_starts_without(string url)
    {
        await using var app = LakeWebServer.Build(new ServeSettings { Urls = [url], Configure = _ => { } });
        Assert.NotNull(app);
    }

    [Fact]
    public void A_key_file_holds_hashes_and_says_which_line_is_wrong()
    {
        using var scratch = new OrleansLake.TestSupport.ScratchFolder();
        (string text, LakeApiKey key) = LakeApiKey.Create("shop", LakeScopes.Ingest | LakeScopes.Read);
        KeyFile.Add(scratch["keys"], key);
        Assert.Equal([key], KeyFile.Read(scratch["keys"]));
        Assert.DoesNotContain(text, File.ReadAllText(scratch["keys"]), StringComparison.Ordinal);
        File.AppendAllText(scratch["keys"], "# more\nshop all 123\n");
        Assert.Contains("line 3", Assert.Throws<ServeSettingsException>(() => KeyFile.Read(scratch["keys"])).Message, StringComparison.Ordinal);
    }
}
