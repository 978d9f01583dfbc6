using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Contracts;
using OrleansLake.Sources.RabbitMq;
using OrleansLake.TestSupport;
using RabbitMQ.Client;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>Queues that settings name, and deliveries that their lake fails at.</summary>
public class RabbitSettingsTests(RabbitBrokerFixture fixture) : IClassFixture<RabbitBrokerFixture>
{
    [RabbitFact]
    public async Task A_queue_of_an_application_s_settings_is_read_once_though_its_code_names_it_too()
    {
        await DeclareAsync("named", ServerUnderTest.Line("m"));
        string address = fixture.Broker.AddressOf("named").OriginalString;
        await using ServerUnderTest server = await StartAsync(services => services.AddRabbitMqSource(address).AddRabbitMqSources(), address, address);
        await ShownAsync(server.Http, "m");
        await using IConnection connection = await fixture.Broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        Assert.Equal(1u, await channel.ConsumerCountAsync("named"));
        Assert.Equal("""{"sources":[]}""", await server.Http.GetStringAsync("/v1/sources"));
    }

    [RabbitFact]
    public async Task A_queue_of_the_settings_of_lake_serve_is_read()
    {
        await DeclareAsync("served", ServerUnderTest.Line("m"));
        using var scratch = new ScratchFolder();
        using ServedProcess server = ServedProcess.Start(
            scratch["lake"], new Dictionary<string, string?> { ["OrleansLake__Sources__0"] = $"rabbitmq://guest@127.0.0.1:{fixture.Broker.Port}/?queue=served", ["RABBITMQ_PASSWORD"] = "guest" });
        await ShownAsync(server.Http, "m");
    }

    [Fact]
    public async Task A_queue_that_the_settings_read_in_two_ways_is_refused_without_its_password()
    {
        ServeSettingsException failure = await Assert.ThrowsAsync<ServeSettingsException>(() => StartAsync(
            static services => services.AddRabbitMqSources(), "rabbitmq://u:SECRET@127.0.0.1:1/?queue=a", "rabbitmq://u:SECRET@127.0.0.1:1/?queue=a&prefetch=5"));
        Assert.StartsWith("OrleansLake:Sources:1: the queue 'a' at 127.0.0.1:1 is named twice, with another user", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
    }

    [RabbitFact]
    public async Task A_delivery_that_the_lake_fails_at_each_time_goes_to_quarantine_and_the_others_are_stored()
    {
        await DeclareAsync("failing", ServerUnderTest.Line("wrong"), ServerUnderTest.Line("broken"), ServerUnderTest.Line("good"));
        string address = fixture.Broker.AddressOf("failing").OriginalString;
        await using ServerUnderTest server = await StartAsync(
            services => FailingLake.AddTo(services.AddRabbitMqSource(address), static text =>
                text.Contains("\"wrong\"", StringComparison.Ordinal) ? new LakeClientException(LakeClientErrorKind.BadRequest, "it cannot be meant")
                : text.Contains("\"broken\"", StringComparison.Ordinal) ? new InvalidOperationException("a fault of the program") : null));
        await ShownAsync(server.Http, "good");
        JsonElement quarantine = default;
        await Eventually.HoldsAsync(
            () => (quarantine = server.GetJsonAsync("/v1/quarantine").Result).GetProperty("total").GetInt32() == 2, "both are in quarantine");
        Assert.Equal(
            ["it cannot be meant", "the lake fails at it: a fault of the program"],
            quarantine.GetProperty("records").EnumerateArray().Select(static record => record.GetProperty("detail").GetString()!).Order(StringComparer.Ordinal));
        await server.DisposeAsync();
        await using IConnection connection = await fixture.Broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        Assert.Equal(0u, await channel.MessageCountAsync("failing"));
    }

    private static Task<ServerUnderTest> StartAsync(Action<IServiceCollection> add, params string[] sources) => ServerUnderTest.StartAsync(
        options => Array.ForEach(sources, options.Sources.Add), settings: settings => settings with { AddServices = add });

    private static Task ShownAsync(HttpClient http, string id) => Eventually.HoldsAsync(() => http.GetAsync($"/v1/messages/{id}").Result.IsSuccessStatusCode, "the message is shown");

    private async Task DeclareAsync(string queue, params string[] bodies)
    {
        await fixture.Broker.DeclareAsync(queue);
        await fixture.Broker.PublishAsync(queue, bodies);
    }
}
