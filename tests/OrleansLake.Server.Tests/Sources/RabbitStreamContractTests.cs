using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Contracts;
using OrleansLake.Sources.RabbitMq;

namespace OrleansLake.Server.Tests.Sources;

public sealed class RabbitStreamContractTests(RabbitBrokerFixture fixture) : TopicSourceContract, IClassFixture<RabbitBrokerFixture>
{
    private protected override async Task<ITestTopic> NewTopicAsync() => await RabbitTopic.NewAsync(fixture.Broker);

    private sealed class RabbitTopic(RabbitBroker broker, string stream) : ITestTopic
    {
        // A segment is deleted as a whole once there are more bytes than this.
        private const int StreamBytesMax = 1_000_000;

        public string Source => $"rabbitmq:{stream}";

        public string Partition => $"rabbitmq:{stream}/0";

        internal static async Task<RabbitTopic> NewAsync(RabbitBroker broker)
        {
            string stream = $"s{Guid.NewGuid():N}";
            await broker.DeclareStreamAsync(stream, StreamBytesMax);
            return new RabbitTopic(broker, stream);
        }

        public void AddTo(IServiceCollection services, string? mapping = null, bool skipsGaps = false) =>
            services.AddRabbitMqSource(broker.StreamAddress(stream) + (mapping is null ? "" : $"&mapping={mapping}") + (skipsGaps ? "&gap=skip" : ""));

        public Task PublishAsync(params string[] values) => broker.PublishAsync(stream, values);

        public async Task<string> LoseAsync(string last)
        {
            string filler = new(' ', 200_000);
            for (int i = 0; i < 20; i++)
            {
                await PublishAsync(ServerUnderTest.Line($"lost{i}").Trim() + filler);
            }

            await PublishAsync(last);
            return "the broker has deleted the records from offset 2 to ";
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
