using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;

namespace OrleansLake.Server.Tests.Security;

/// <summary>An application's own login on the lake's routes, with lake keys beside it and without.</summary>
public class ApplicationLoginTests
{
    private const string Here = "127.0.0.1";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whom_the_application_lets_in_is_let_in_by_any_login_with_lake_keys_beside_it_or_not(bool withKeys)
    {
        await using ApplicationUnderTest app = await StartAsync(options =>
        {
            if (withKeys)
            {
                options.Keys.Add(LakeApiKey.Create("all", LakeScopes.All).Key);
            }
        });
        foreach (string path in (string[])["/v1/ledger", "/v1/quarantine", "/metrics", "/v1/stream"])
        {
            Assert.Equal(200, (await app.AskAsync(Here, path, ("Authorization", "Bearer app-ann"))).Status);
            Assert.Equal(200, (await app.AskAsync(Here, path, ("X-User", "ann"))).Status);
            Assert.Equal(401, (await app.AskAsync(Here, path)).Status);
            Assert.Equal(401, (await app.AskAsync(Here, path, ("Authorization", "Bearer somebody"))).Status);
        }
    }

    [Theory]
    [InlineData("read", 200, 403)]
    [InlineData("ingest read", 200, 403)]
    [InlineData("Admin,openid", 403, 200)]
    [InlineData("all", 200, 200)]
    [InlineData("reed", 403, 403)]
    [InlineData("7", 403, 403)]
    [InlineData("", 403, 403)]
    public async Task A_claim_narrows_what_it_may_do(string claim, int reads, int administers)
    {
        await using ApplicationUnderTest app = await StartAsync();
        Assert.Equal(reads, (await app.AskAsync(Here, "/v1/ledger", ("X-User", "ann"), ("X-Scope", claim))).Status);
        (int status, _, string detail) = await app.AskAsync(Here, "/metrics", ("X-User", "ann"), ("X-Scope", claim));
        Assert.Equal(administers, status);
        Assert.True(status == 200 || detail.Contains($"The login's claim lake_scope ('{claim}') may not do this; it needs the scope admin", StringComparison.Ordinal), detail);
    }

    [Fact]
    public async Task Another_claim_or_none_is_an_option()
    {
        await using (ApplicationUnderTest other = await StartAsync(options => options.ScopeClaim = "scope"))
        {
            Assert.Equal(200, (await other.AskAsync(Here, "/metrics", ("X-User", "ann"), ("X-Scope", "read"))).Status);
        }

        await using ApplicationUnderTest byName = await StartAsync(options => options.ScopeClaim = "name");
        Assert.Equal(403, (await byName.AskAsync(Here, "/metrics", ("X-User", "read"))).Status);
        Assert.Equal(200, (await byName.AskAsync(Here, "/v1/ledger", ("X-User", "read"))).Status);
    }

    [Fact]
    public async Task A_lake_key_or_embed_token_is_judged_by_the_lake_whoever_is_logged_in()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("reader", LakeScopes.Read);
        (string unknown, _) = LakeApiKey.Create("unknown", LakeScopes.All);
        var site = EmbedKey.Create("site");
        await using ApplicationUnderTest app = await StartAsync(options =>
        {
            options.Keys.Add(key);
            options.Embed.Keys.Add(site);
        });

        // It stands for a login where one is asked for.
        Assert.Equal(200, (await app.AskAsync(Here, "/v1/ledger", ("Authorization", $"Bearer {text}"))).Status);
        Assert.Equal(403, (await app.AskAsync(Here, "/metrics", ("Authorization", $"Bearer {text}"))).Status);
        Assert.Equal(403, (await app.AskAsync(Here, "/metrics", ("Authorization", $"Bearer {text}"), ("X-User", "ann"))).Status);
        Assert.Equal(401, (await app.AskAsync(Here, "/v1/ledger", ("Authorization", $"Bearer {unknown}"), ("X-User", "ann"))).Status);

        var tokens = new EmbedTokens([site], TimeSpan.FromHours(1), TimeProvider.System);
        string Token(double minutes) => tokens.Write(new EmbedToken { KeyId = "site", ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(minutes), Reports = new Dictionary<string, ReportFilter> { ["report1"] = new() } });
        Assert.Equal(200, (await app.AskAsync(Here, "/v1/reports/report1", ("Authorization", $"Bearer {Token(5)}"))).Status);
        Assert.Equal(403, (await app.AskAsync(Here, "/v1/reports/report2", ("Authorization", $"Bearer {Token(5)}"), ("X-User", "ann"))).Status);
        Assert.Equal(401, (await app.AskAsync(Here, "/v1/reports/report1", ("Authorization", $"Bearer {Token(-5)}"), ("X-User", "ann"))).Status);
    }

    [Fact]
    public async Task A_lake_key_stands_for_a_login_on_the_lakes_routes_only_and_for_nothing_else_of_a_policy()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(options => options.Keys.Add(key), configure: AddLogin, map: app =>
        {
            app.MapGet("/own", () => "own").RequireAuthorization();
            app.MapOrleansLake().RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireClaim("lake_scope"));
        });
        Assert.Equal(401, (await app.AskAsync(Here, "/own", ("Authorization", $"Bearer {text}"))).Status);
        Assert.Equal(
            (403, "urn:orleanslake:problem:forbidden", "The key or token is known, but the application's policy for this route asks for more than that: the claim lake_scope."),
            await app.AskAsync(Here, "/v1/ledger", ("Authorization", $"Bearer {text}")));
        Assert.Equal(401, (await app.AskAsync(Here, "/v1/ledger", ("Authorization", $"Bearer {text}x"))).Status);
        Assert.Equal(401, (await app.AskAsync(Here, "/v1/ledger")).Status);
        Assert.Equal(403, (await app.AskAsync(Here, "/v1/ledger", ("X-User", "ann"))).Status);
        Assert.Equal(200, (await app.AskAsync(Here, "/v1/ledger", ("X-User", "ann"), ("X-Scope", "read"))).Status);
    }

    [Theory]
    [InlineData("role", false, "the role boss or chief")]
    [InlineData("claim", false, "the claim team with lake or data")]
    [InlineData("name", false, "the name ann")]
    [InlineData("assertion", false, "AssertionRequirement")]
    [InlineData("role", true, "the role boss or chief")]
    public async Task A_key_or_token_that_a_policy_does_not_admit_is_told_what_is_missing_and_is_not_called_unknown(string kind, bool isToken, string missing)
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        var site = EmbedKey.Create("site");
        if (isToken)
        {
            text = new EmbedTokens([site], TimeSpan.FromHours(1), TimeProvider.System).Write(
                new EmbedToken { KeyId = "site", ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5), Reports = new Dictionary<string, ReportFilter> { ["report1"] = new() } });
        }

        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(
            options =>
            {
                options.Keys.Add(key);
                options.Embed.Keys.Add(site);
            },
            configure: builder =>
            {
                AddLogin(builder);
                builder.Services.AddAuthorizationBuilder().AddPolicy("boss", policy => _ = kind switch
                {
                    "role" => policy.RequireRole("boss", "chief"),
                    "claim" => policy.RequireClaim("team", "lake", "data"),
                    "name" => policy.RequireUserName("ann"),
                    _ => policy.RequireAssertion(_ => false),
                });
            },
            map: app => app.MapOrleansLake().RequireAuthorization("boss"));
        (int status, string type, string detail) = await app.AskAsync(Here, "/v1/reports/report1", ("Authorization", $"Bearer {text}"));
        Assert.Equal((403, "urn:orleanslake:problem:forbidden"), (status, type));
        Assert.EndsWith($"asks for more than that: {missing}.", detail, StringComparison.Ordinal);
        Assert.Equal(401, (await app.AskAsync(Here, "/v1/reports/report1", ("Authorization", "Bearer olk_unknown"))).Status);
    }

    [Fact]
    public async Task What_an_application_answers_itself_to_those_it_does_not_let_in_stays()
    {
        var own = new OwnAnswer();
        (string text, LakeApiKey key) = LakeApiKey.Create("all", LakeScopes.All);
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler>(own);
        builder.Services.AddOrleansLake(options => options.Keys.Add(key));
        builder.Services.AddAuthorization();
        await using WebApplication app = builder.Build();
        var handler = app.Services.GetRequiredService<IAuthorizationMiddlewareResultHandler>();
        Assert.NotSame(own, handler);
        await handler.HandleAsync(_ => Task.CompletedTask, new DefaultHttpContext { RequestServices = app.Services }, new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build(), PolicyAuthorizationResult.Challenge());
        Assert.Equal(1, own.Asked);
    }

    private static Task<ApplicationUnderTest> StartAsync(Action<LakeServerOptions>? options = null) =>
        ApplicationUnderTest.StartAsync(options, urls: "http://127.0.0.1:0", configure: AddLogin, map: app => app.MapOrleansLake().RequireAuthorization());

    private sealed class OwnAnswer : IAuthorizationMiddlewareResultHandler
    {
        internal int Asked { get; private set; }

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            Asked++;
            return Task.CompletedTask;
        }
    }

    private static void AddLogin(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderLogin>("test", null);
        builder.Services.AddAuthorization();
    }
}
