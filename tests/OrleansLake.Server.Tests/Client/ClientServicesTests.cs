using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLake.Client;

namespace OrleansLake.Server.Tests.Client;

public class ClientServicesTests
{
    private static readonly ReadOnlySequence<byte> Body = new(Encoding.UTF8.GetBytes(ServerUnderTest.Line("a")));

    [Fact]
    public async Task A_connection_string_and_a_section_are_all_that_an_application_needs()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("app", LakeScopes.All);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:lake"] = server.Address.ToString();
        builder.Configuration["OrleansLake:Client:Key"] = text;
        builder.Configuration["OrleansLake:Client:TriesMax"] = "2";
        builder.AddOrleansLakeClient("lake", options => options.RetryDelay = TimeSpan.FromMilliseconds(1));
        using IHost app = builder.Build();
        await app.StartAsync();

        LakeHttpOptions options = app.Services.GetRequiredService<IOptionsMonitor<LakeHttpOptions>>().Get("lake");
        Assert.Equal((2, TimeSpan.FromMilliseconds(1)), (options.TriesMax, options.RetryDelay));
        ILakeClient client = app.Services.GetRequiredService<ILakeClient>();
        Assert.Equal(1, (await client.SendAsync(Body, new SendOptions { WaitForReports = true })).Accepted);
        Assert.Equal(1, (await client.GetReportAsync(new ReportQuery { Report = "report1" })).Table.GrandTotal);
        await app.StopAsync();
    }

    [Fact]
    public async Task Clients_of_several_names_talk_to_their_own_lakes()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("app", LakeScopes.All);
        await using ServerUnderTest one = await ServerUnderTest.StartAsync();
        await using ServerUnderTest two = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        await using ServerUnderTest three = await ServerUnderTest.StartAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:one"] = one.Address.ToString();
        builder.Configuration["ConnectionStrings:two"] = $"Endpoint={two.Address};Key={text}";
        builder.Configuration["OrleansLake:Client:TriesMax"] = "2";
        builder.Configuration["OrleansLake:Client:two:TriesMax"] = "3";
        builder.AddOrleansLakeClient("one");
        builder.AddOrleansLakeClient("two");
        builder.Services.AddOrleansLakeClient("three", options => options.BaseAddress = three.Address);
        using IHost app = builder.Build();
        await app.StartAsync();
        IServiceProvider services = app.Services;
        await services.GetRequiredKeyedService<ILakeClient>("two").SendAsync(Body, new SendOptions { WaitForReports = true });
        Assert.Equal(0, await BronzeAsync(services.GetRequiredService<ILakeClient>()));
        Assert.Equal(0, await BronzeAsync(services.GetRequiredKeyedService<ILakeClient>("one")));
        Assert.Equal(1, await BronzeAsync(services.GetRequiredKeyedService<ILakeClient>("two")));
        Assert.Equal(0, await BronzeAsync(services.GetRequiredKeyedService<ILakeClient>("three")));
        Assert.Equal((2, 3), (OptionsOf("one").TriesMax, OptionsOf("two").TriesMax));

        // The first one is also the one without a name.
        await services.GetRequiredKeyedService<ILakeClient>("one").SendAsync(Body, new SendOptions { WaitForReports = true });
        Assert.Equal(1, await BronzeAsync(services.GetRequiredService<ILakeClient>()));
        await app.StopAsync();

        static async Task<long> BronzeAsync(ILakeClient client) => (await client.GetLedgerAsync()).Total.Bronze;

        LakeHttpOptions OptionsOf(string name) => services.GetRequiredService<IOptionsMonitor<LakeHttpOptions>>().Get(name);
    }

    [Theory]
    [InlineData("ConnectionStrings:lake", null, "ConnectionStrings:lake")]
    [InlineData("ConnectionStrings:lake", " ", "ConnectionStrings:lake")]
    [InlineData("ConnectionStrings:lake", "127.0.0.1", "ConnectionStrings:lake")]
    [InlineData("ConnectionStrings:lake", "Endpoint=http://127.0.0.1:1;Keys=abc", "'keys'")]
    [InlineData("ConnectionStrings:lake", "Key=abc", "Endpoint")]
    [InlineData("ConnectionStrings:lake", "Endpoint=there", "Endpoint")]
    [InlineData("ConnectionStrings:lake", "Endpoint=http://127.0.0.1:1;Endpoint=http://127.0.0.1:2", "has Endpoint twice")]
    [InlineData("ConnectionStrings:lake", "Endpoint=http://127.0.0.1:1; key = abc;Key='abc;d'", "has Key twice")]
    [InlineData("ConnectionStrings:lake", "ftp://127.0.0.1", "BaseAddress")]
    [InlineData("OrleansLake:Client:TriesMax", "0", "TriesMax")]
    [InlineData("OrleansLake:Client:TriesMax", "many", "OrleansLake:Client:TriesMax")]
    [InlineData("OrleansLake:Client:TryTimeout", "-00:00:05", "TryTimeout")]
    [InlineData("OrleansLake:Client:lake:RetryDelay", "00:00:00", "RetryDelay")]
    [InlineData("OrleansLake:Client:Retries", "3", "OrleansLake:Client:Retries")]
    [InlineData("OrleansLake:Client:lake:Retries", "3", "OrleansLake:Client:lake:Retries")]
    [InlineData("OrleansLake:Client:laek:TriesMax", "3", "OrleansLake:Client:laek")]
    [InlineData("OrleansLake:Client:Key", "a b", "Key")]
    [InlineData("OrleansLake:Client:WatchOutageMax", "-00:00:01", "-00:00:00.001")]
    [InlineData("OrleansLake:Clients:lake:TriesMax", "3", "OrleansLake:Clients is not a setting: did you mean OrleansLake:Client?")]
    [InlineData("OrleansLake:Cleint:TriesMax", "3", "OrleansLake:Cleint is not a setting: did you mean OrleansLake:Client?")]
    [InlineData("OrleansLake:TriesMax", "3", "OrleansLake:TriesMax is not a setting")]
    [InlineData("OrleansLake", "x", "OrleansLake is 'x'")]
    [InlineData("OrleansLakes:Client:lake:TriesMax", "3", "OrleansLakes is not a setting; did you mean OrleansLake:Client:...")]
    [InlineData("OrleanLake:Clients:TriesMax", "3", "OrleanLake is not a setting")]
    [InlineData("OrleansLake_Client:TriesMax", "3", "OrleansLake_Client is not a setting")]
    [InlineData("ConnectionStrings:lake", "Endpoint=http://127.0.0.1:1;Key=", "has an empty Key")]
    [InlineData("ConnectionStrings:lake", "Endpoint=http://127.0.0.1:1; key = ;", "has an empty Key")]
    [InlineData("ConnectionStrings:lake", "Key=;Endpoint=http://127.0.0.1:1", "has an empty Key")]
    [InlineData("ConnectionStrings:lake", "Endpoint=http://127.0.0.1:1;Key=\"\"", "is empty")]
    public async Task What_is_missing_or_wrong_is_named_when_the_application_starts(string setting, string? value, string named)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:lake"] = "http://127.0.0.1:1";
        builder.Configuration[setting] = value;
        builder.AddOrleansLakeClient("lake");
        using IHost app = builder.Build();
        Exception told = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());
        Assert.True(told is OptionsValidationException or InvalidOperationException, $"{told}");
        Assert.Contains(named, told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", told.Message, StringComparison.Ordinal);

        // Or when it is asked for, where nothing starts.
        Assert.ThrowsAny<Exception>(() => app.Services.GetRequiredService<ILakeClient>());
    }

    [Fact]
    public async Task A_server_with_a_client_beside_it_takes_the_clients_settings()
    {
        await using ApplicationUnderTest app = await ApplicationUnderTest.StartAsync(urls: "http://127.0.0.1:0", configure: builder =>
        {
            builder.Configuration["ConnectionStrings:other"] = "Endpoint=http://127.0.0.1:1;Key='a;Key=b'";
            builder.Configuration["OrleansLake:Client:TriesMax"] = "2";
            builder.Configuration["OrleansLake:Client:other:TriesMax"] = "3";
            builder.AddOrleansLakeClient("other");
        });
        Assert.Equal(200, (await app.AskAsync("127.0.0.1", "/v1/ledger")).Status);
    }

    [Fact]
    public async Task What_is_configured_for_ever_is_so()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:lake"] = "http://127.0.0.1:1";
        builder.Configuration["OrleansLake:Client:WatchOutageMax"] = "-00:00:00.001";
        builder.Configuration["OrleansLakeOfOthers:Client"] = "x";
        builder.AddOrleansLakeClient("lake");
        using IHost app = builder.Build();
        await app.StartAsync();
        Assert.Equal(Timeout.InfiniteTimeSpan, app.Services.GetRequiredService<IOptionsMonitor<LakeHttpOptions>>().Get("lake").WatchOutageMax);
    }

    [Fact]
    public void One_without_a_name_is_enough()
    {
        var services = new ServiceCollection();
        services.AddOrleansLakeClient(options => options.BaseAddress = new Uri("http://127.0.0.1:1"));
        Assert.Throws<InvalidOperationException>(() => services.AddOrleansLakeClient(options => options.BaseAddress = new Uri("http://127.0.0.1:2")));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<ILakeClient>());
    }

    [Fact]
    public async Task Nothing_is_repeated_by_a_policy_that_the_application_has_for_its_other_clients()
    {
        await using RudeServer server = RudeServer.Of("an end at once");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:lake"] = server.Address.ToString();

        // As Aspire's service defaults have it.
        builder.Services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(resilience => resilience.Retry.Delay = TimeSpan.FromMilliseconds(1)));
        builder.AddOrleansLakeClient("lake");
        using IHost app = builder.Build();
        await Assert.ThrowsAsync<LakeClientException>(() => app.Services.GetRequiredService<ILakeClient>().SendAsync(Body, SendOptions.Default));
        Assert.Equal(1, server.Connections);

        // It is there for the others.
        using HttpClient other = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");
        await Assert.ThrowsAnyAsync<Exception>(() => other.GetAsync(server.Address));
        Assert.True(server.Connections >= 5, $"{server.Connections}");
    }
}
