using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLake.Client;
using OrleansLake.Sources.RabbitMq;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Hosting;

/// <summary>Tests what a .NET application expects of a library that it references.</summary>
public partial class ConventionTests
{
    [Fact]
    public async Task An_application_puts_the_lake_behind_its_own_log_in_and_below_its_own_paths()
    {
        using var scratch = new ScratchFolder();
        await using WebApplication app = await StartAsync(scratch, app =>
        {
            app.MapGroup("/lake").MapOrleansLake().RequireAuthorization();
            app.MapOrleansLakeDashboard("/reports/live").RequireAuthorization();
            app.MapOrleansLakeDashboard("/open");
        });
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
        foreach (string url in (string[])["/lake/v1/ledger", "/lake/v1/reports/report1", "/lake/metrics", "/reports/live/", "/reports/live/dashboard.js", "/reports/live/embed.html"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(url)).StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Cookie", await CookieAsync(http));
            Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/open/")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/ledger")).StatusCode);
    }

    [Theory]
    [InlineData("OrleansLake:Limits:BodyBytesMax", "0")]
    [InlineData("OrleansLake:Limits:DatesPerSenderMax", "-1")]
    [InlineData("OrleansLake:Trigger", "00:00:00")]
    [InlineData("OrleansLake:Threads", "0")]
    [InlineData("OrleansLake:Path", "")]
    public async Task A_setting_that_is_out_of_range_is_told_when_the_application_starts(string name, string value)
    {
        using var scratch = new ScratchFolder();
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(scratch, app => app.MapOrleansLake(), (name, value)));
    }

    [Fact]
    public async Task What_keeps_an_application_from_starting_is_explained_by_its_message()
    {
        using var scratch = new ScratchFolder();
        await using WebApplication app = await StartAsync(scratch, app => app.MapOrleansLake());
        Exception inUse = (await Record.ExceptionAsync(() => StartAsync(scratch, app => app.MapOrleansLake())))!;
        Exception wrong = (await Record.ExceptionAsync(() => StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Paths", "x"))))!;
        Exception file = (await Record.ExceptionAsync(() => StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Path", scratch.Write("file", "x")))))!;
        Assert.All([inUse, wrong, file], failure => Assert.True(OrleansLakeFailures.IsExplained(failure), failure.ToString()));
        Assert.False(OrleansLakeFailures.IsExplained(new InvalidOperationException("a fault")));
    }

    [Theory]
    [InlineData("/sys/lake")]
    [InlineData("/dev/null/lake")]
    [InlineData("long")]
    public async Task A_folder_that_cannot_be_made_is_explained_with_its_setting(string folder)
    {
        using var scratch = new ScratchFolder();
        Exception failure = (await Record.ExceptionAsync(() => StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Path", folder == "long" ? scratch[new string('x', 300)] : folder))))!;
        Assert.True(OrleansLakeFailures.IsExplained(failure), failure.ToString());
        Assert.Contains("OrleansLake:Path", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_something_else_is_explained_with_its_setting()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("other/notes.txt", "x");
        Exception failure = (await Record.ExceptionAsync(() => StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Path", scratch["other"]))))!;
        Assert.True(OrleansLakeFailures.IsExplained(failure), failure.ToString());
        Assert.Contains("OrleansLake:Path", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lake_that_is_registered_twice_is_explained()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Services.AddOrleansLake();
        var failure = Assert.Throws<ServeSettingsException>(() => builder.Services.AddOrleansLake());
        Assert.Contains("AddOrleansLake() or AddOrleansLakeServer() once", failure.Message, StringComparison.Ordinal);
        Assert.True(OrleansLakeFailures.IsExplained(failure));
    }

    [Fact]
    public void A_server_without_a_client_to_serve_is_explained()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Services.AddOrleansLakeServer();
        var failure = Assert.Throws<ServeSettingsException>(() => builder.Build().MapOrleansLake());
        Assert.Contains("AddOrleansLakeClient(...)", failure.Message, StringComparison.Ordinal);
        Assert.True(OrleansLakeFailures.IsExplained(failure));
    }

    [Fact]
    public async Task A_server_serves_the_client_that_is_registered_such_as_that_of_another_server()
    {
        await using ServerUnderTest owner = await ServerUnderTest.StartAsync();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOrleansLakeServer();
        builder.Services.AddOrleansLakeClient(options => options.BaseAddress = owner.Address);
        await using WebApplication gateway = builder.Build();
        gateway.MapOrleansLake();
        gateway.MapOrleansLakeHealth();
        await gateway.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Urls.Single()) };
        using HttpResponseMessage sent = await http.PostAsync("/v1/messages?wait=report", new StringContent(
            """{"timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","message_id":"1","channel":"CHAT","user_id":7}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson")));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal(await owner.Http.GetStringAsync("/v1/reports/report1.csv"), await http.GetStringAsync("/v1/reports/report1.csv"));
        Assert.Equal("""{"status":"healthy"}""", await http.GetStringAsync("/health"));
    }

    [Fact]
    public void A_source_that_is_not_an_address_is_explained()
    {
        var failure = Assert.Throws<ServeSettingsException>(() => WebApplication.CreateBuilder().Services.AddRabbitMqSource(new Uri("http://127.0.0.1/?queue=a")));
        Assert.True(OrleansLakeFailures.IsExplained(failure));
    }

    [Fact]
    public void A_queue_that_is_named_twice_is_read_once()
    {
        IServiceCollection services = WebApplication.CreateBuilder().Services;
        int before = services.Count(static one => one.ServiceType == typeof(IHostedService));
        foreach (string source in (string[])["rabbitmq://127.0.0.1/?queue=a", "rabbitmq://127.0.0.1:5672/?queue=a", "rabbitmq://127.0.0.1/?queue=b", "rabbitmq://127.0.0.1/other?queue=a"])
        {
            services.AddRabbitMqSource(source);
        }

        Assert.Equal(3, services.Count(static one => one.ServiceType == typeof(IHostedService)) - before);
        foreach (string other in (string[])["rabbitmq://127.0.0.1/?queue=a&prefetch=5", "rabbitmq://guest:SECRET@127.0.0.1/?queue=a", "rabbitmqs://127.0.0.1:5672/?queue=a"])
        {
            var failure = Assert.Throws<ServeSettingsException>(() => services.AddRabbitMqSource(other));
            Assert.Contains("the queue 'a' at 127.0.0.1:5672 is named twice, with another user", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Faults_of_several_clients_are_explained_together()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddOrleansLakeClient("one");
        builder.AddOrleansLakeClient("two");
        await using WebApplication app = builder.Build();
        Exception failure = (await Record.ExceptionAsync(() => app.StartAsync()))!;
        Assert.True(OrleansLakeFailures.IsExplained(failure), failure.ToString());
        Assert.Contains("ConnectionStrings:one", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:two", failure.Message, StringComparison.Ordinal);
        Assert.False(OrleansLakeFailures.IsExplained(new AggregateException(failure, new InvalidOperationException("a fault"))));
    }

    [Fact]
    public async Task What_needs_a_lake_says_at_the_start_that_there_is_none()
    {
        await using WebApplication app = WebApplication.CreateBuilder().Build();
        Assert.All(
            (Action[])[() => app.MapOrleansLake(), () => app.MapOrleansLakeHealth(), () => app.MapOrleansLakeDashboard(), () => app.MapGroup("/below").MapOrleansLake()],
            map => Assert.Contains("call builder.Services.AddOrleansLake() before", Assert.Throws<ServeSettingsException>(map).Message, StringComparison.Ordinal));

        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRabbitMqSource(new Uri("rabbitmq://127.0.0.1/?queue=a"));
        await using WebApplication reader = builder.Build();
        await Assert.ThrowsAsync<ServeSettingsException>(() => reader.StartAsync());
    }

    [Fact]
    public async Task Pages_of_allowed_sites_read_an_applications_lake_behind_its_login_too()
    {
        using var scratch = new ScratchFolder();
        await using WebApplication app = await StartAsync(
            scratch,
            app =>
            {
                app.MapGroup("/lake").MapOrleansLake();
                app.MapGroup("/closed").MapOrleansLake().RequireAuthorization();
            },
            ("OrleansLake:AllowedOrigins:0", "https://a.example/"));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        foreach (string path in (string[])["/lake/v1/reports/report1", "/lake/v1/messages?id=x", "/lake/v1/messages/x", "/lake/v1/stream?reports=report1", "/closed/v1/ledger"])
        {
            HttpResponseMessage preflight = await AskAsync(http, HttpMethod.Options, path, "https://a.example");
            Assert.Equal((HttpStatusCode.NoContent, "https://a.example", "authorization"), (preflight.StatusCode, Header(preflight, "Access-Control-Allow-Origin"), Header(preflight, "Access-Control-Allow-Headers")));
            Assert.Null(Header(await AskAsync(http, HttpMethod.Options, path, "https://b.example"), "Access-Control-Allow-Origin"));
        }

        HttpResponseMessage read = await AskAsync(http, HttpMethod.Get, "/lake/v1/ledger", "https://a.example");
        Assert.Equal((HttpStatusCode.OK, "https://a.example", "Origin"), (read.StatusCode, Header(read, "Access-Control-Allow-Origin"), Header(read, "Vary")));
        Assert.Contains("Lake-Position", Header(read, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Null(Header(await AskAsync(http, HttpMethod.Get, "/lake/v1/ledger", "https://b.example"), "Access-Control-Allow-Origin"));
        Assert.Equal("https://a.example", Header(await AskAsync(http, HttpMethod.Get, "/lake/v1/ledger?x=1", "https://a.example"), "Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/lake/v1/nosuch")).StatusCode);
        Assert.DoesNotContain("options", await http.GetStringAsync("/lake/openapi/v1.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_of_a_web_server_means_nothing_in_an_application_and_is_told()
    {
        using var scratch = new ScratchFolder();
        var told = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Limits:ConnectionsMax", "3")));
        Assert.StartsWith("OrleansLake:Limits:ConnectionsMax is '3', which means nothing in an application", Assert.Single(told.Failures), StringComparison.Ordinal);

        // Nor is it among those that are offered.
        told = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Limits:BodyByteMax", "3"), ("OrleansLake:Limits:ConectionsMax", "3")));
        Assert.Contains(told.Failures, failure => failure.Contains("did you mean OrleansLake:Limits:BodyBytesMax", StringComparison.Ordinal));
        Assert.All(told.Failures, failure => Assert.DoesNotContain("ConnectionsMax", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_application_that_does_not_fsync_is_warned()
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0");
        Assert.Contains(app.Log, line => line.Contains("OrleansLake:IsDurable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_come_from_the_configuration()
    {
        using var scratch = new ScratchFolder();
        await using WebApplication app = await StartAsync(scratch, app => app.MapOrleansLake(), ("OrleansLake:Limits:StreamsMax", "7"), ("OrleansLake:DrainMax", "00:00:03"), ("OrleansLake:AllowedOrigins:0", "https://example.com"));
        LakeServerOptions options = app.Services.GetRequiredService<LakeServerOptions>();
        Assert.Equal((7, TimeSpan.FromSeconds(3), "https://example.com"), (options.Limits.StreamsMax, options.DrainMax, options.AllowedOrigins.Single()));
    }

    [Fact]
    public async Task Instruments_have_dotted_lowercase_names_and_units_and_prometheus_shows_all_of_them()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        List<Instrument> instruments = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(instrument) };
        listener.Start();
        Instrument[] ours = [.. instruments.Where(one => one.Meter.Name == "OrleansLake").DistinctBy(one => one.Name)];
        Assert.True(ours.Length >= 20);
        Assert.All(ours, one =>
        {
            Assert.Matches(@"^orleanslake(\.[a-z][a-z_]*)+$", one.Name);
            Assert.False(string.IsNullOrEmpty(one.Unit), one.Name);
            Assert.False(string.IsNullOrEmpty(one.Description), one.Name);
        });

        await server.PostAsync(ServerUnderTest.Line("a") + ServerUnderTest.Line("b", "NONE") + "{]\n", "?wait=report");
        string text = await server.Http.GetStringAsync("/metrics");
        foreach (string series in (string[])["orleanslake_freshness_lag_seconds", "orleanslake_ingest_messages_total", "orleanslake_queue_durable", "orleanslake_queue_applied", "orleanslake_queue_published", "orleanslake_fsync_duration_seconds", "orleanslake_dedup_keys", "orleanslake_ledger_bronze", "orleanslake_ledger_messages", "orleanslake_ledger_messages_corrupted", "orleanslake_ledger_rejected", "orleanslake_ledger_deduplicated", "orleanslake_streams"])
        {
            Assert.Matches($"(?m)^{series} [-+0-9.eE]+$", text);
        }

        Assert.Matches("(?m)^orleanslake_ledger_bronze 2$", text);
        Assert.Matches("(?m)^orleanslake_ledger_rejected 1$", text);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(PrometheusLine(), line));
    }

    [Theory]
    [InlineData("OrleansLake__Limits__BodyBytesMax", "0")]
    [InlineData("Kestrel__Endpoints__Open__Url", "http://0.0.0.0:0")]
    public void A_wrong_environment_is_told_without_a_stack_trace(string name, string value)
    {
        using var scratch = new ScratchFolder();
        LakeResult result = LakeProcess.Run(new LakeCall("serve", "--lake", scratch["lake"], "--urls", "http://127.0.0.1:0") { Environment = new Dictionary<string, string?> { [name] = value } });
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("lake: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["lake"]));
    }

    [Fact]
    public void A_certificate_without_its_key_is_told_with_the_setting_before_a_lake_is_made()
    {
        using var scratch = new ScratchFolder();
        using var key = System.Security.Cryptography.ECDsa.Create();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        string file = scratch.Write("cert.pem", certificate.ExportCertificatePem());
        LakeResult result = LakeProcess.Run(new LakeCall("serve", "--lake", scratch["lake"], "--urls", "https://127.0.0.1:0") { Environment = new Dictionary<string, string?> { ["Kestrel__Certificates__Default__Path"] = file } });
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("private key", result.Error, StringComparison.Ordinal);
        Assert.Contains("__KeyPath", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["lake"]));
    }

    private static async Task<WebApplication> StartAsync(ScratchFolder scratch, Action<WebApplication> map, params (string Name, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["OrleansLake:Path"] = scratch["lake"];
        builder.Configuration["OrleansLake:IsDurable"] = "false";
        foreach ((string name, string value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.Services.AddOrleansLake();
        builder.Services.AddAuthentication("cookie").AddCookie("cookie", cookie => cookie.Events.OnRedirectToLogin = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/log-in", () => Results.SignIn(new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity("cookie")), authenticationScheme: "cookie"));
        try
        {
            map(app);
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, HttpMethod method, string path, string origin)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "GET");
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization");
        }

        return await http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    private static async Task<string> CookieAsync(HttpClient http)
    {
        using HttpResponseMessage response = await http.GetAsync("/log-in");
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? (NaN|[-+0-9.eE]+))$""")]
    private static partial Regex PrometheusLine();
}
