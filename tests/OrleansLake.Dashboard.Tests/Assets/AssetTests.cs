using System.Net;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Assets;

public sealed class AssetTests
{
    private static readonly string Source = Path.Combine(Fixtures.Root, "src", "OrleansLake.Server", "Dashboard", "Assets");

    [Fact]
    public async Task Every_file_is_served_under_a_strict_policy_and_is_not_sent_twice()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        foreach (string file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
        {
            var address = new Uri(lake.Address, "dashboard/" + Path.GetRelativePath(Source, file).Replace('\\', '/'));
            using HttpResponseMessage first = await lake.Http.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            string policy = first.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", first.Headers.GetValues("X-Content-Type-Options").Single());

            using var again = new HttpRequestMessage(HttpMethod.Get, address);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using HttpResponseMessage second = await lake.Http.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);

            using var packing = new HttpRequestMessage(HttpMethod.Get, address);
            packing.Headers.AcceptEncoding.ParseAdd("gzip");
            using HttpResponseMessage packed = await lake.Http.SendAsync(packing);
            await using var unpacked = new System.IO.Compression.GZipStream(await packed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            await unpacked.CopyToAsync(bytes);
            Assert.Equal(await first.Content.ReadAsByteArrayAsync(), bytes.ToArray());
        }
    }

    [Theory]
    [InlineData("dashboard/..%2f..%2flake.json")]
    [InlineData("dashboard/%2e%2e/lake.json")]
    [InlineData("dashboard/../lake/lake.json")]
    [InlineData("dashboard/vendor")]
    [InlineData("dashboard/index.html%00.js")]
    [InlineData("dashboard/INDEX.html")]
    public async Task Nothing_but_its_files_is_found(string path)
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        using HttpResponseMessage response = await lake.Http.GetAsync(new Uri(lake.Address + path));
        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{response.StatusCode}");
    }

    [Fact]
    public async Task The_address_itself_and_the_prefix_without_a_slash_lead_to_the_dashboard()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        using HttpResponseMessage root = await lake.Http.GetAsync(lake.Address);
        Assert.Equal("/dashboard/", root.RequestMessage!.RequestUri!.AbsolutePath);
        using HttpResponseMessage prefix = await lake.Http.GetAsync(new Uri(lake.Address, "dashboard?channel=SMS"));
        Assert.Equal("/dashboard/?channel=SMS", prefix.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal("text/html", prefix.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/", "dashboard/")]
    [InlineData("/?channel=SMS", "dashboard/?channel=SMS")]
    [InlineData("/dashboard", "dashboard/")]
    [InlineData("/dashboard?channel=SMS", "dashboard/?channel=SMS")]
    public async Task Redirects_hold_behind_a_proxy_that_takes_a_prefix_off(string path, string location)
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await using StrippingProxy proxy = await StrippingProxy.StartAsync("/some/lake", lake.Address);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using HttpResponseMessage redirect = await http.GetAsync(new Uri(proxy.Address, "some/lake" + path));
        Assert.Equal(location, redirect.Headers.Location!.OriginalString);
        using HttpResponseMessage page = await lake.Http.GetAsync(new Uri(proxy.Address, "some/lake" + path));
        Assert.Equal("/some/lake/" + location, page.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Any_site_may_load_the_files_and_none_the_data()
    {
        await using ServedLake lake = await ServedLake.StartAsync(options => options.AllowedOrigins.Add("https://listed.example"));
        foreach ((string path, string? allowed) in (IEnumerable<(string, string?)>)[("dashboard/orleans-lake-report.js", "*"), ("v1/ledger", null)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Origin", "https://other.example");
            using HttpResponseMessage response = await lake.Http.SendAsync(request);
            Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null);
        }
    }

    [BrowserFact]
    public void The_vendored_chart_library_is_the_package_of_its_version()
    {
        Assert.Null(Chromium.MissingBecause);
        string package = Path.Combine(Chromium.Folder, "node_modules", "uplot");
        (string Ours, string Theirs)[] files = [("uPlot.iife.min.js", "dist/uPlot.iife.min.js"), ("uPlot.min.css", "dist/uPlot.min.css"), ("LICENSE", "LICENSE")];
        Assert.Equal(files.Select(file => file.Ours).Order(StringComparer.Ordinal), Directory.EnumerateFiles(Path.Combine(Source, "vendor", "uplot")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(package, file.Theirs)), File.ReadAllBytes(Path.Combine(Source, "vendor", "uplot", file.Ours))));
    }
}
