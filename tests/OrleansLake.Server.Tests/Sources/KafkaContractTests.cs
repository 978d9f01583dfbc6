using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Contracts;
using OrleansLake.Sources.Kafka;

namespace OrleansLake.Server.Tests.Sources;

public sealed class KafkaContractTests : TopicSourceContract
{
    private protected override Task<ITestTopic> NewTopicAsync() => Task.FromResult<ITestTopic>(new KafkaTopic());

    private sealed class KafkaTopic : ITestTopic
    {
        private readonly KafkaCluster _cluster = new();

        public string Source => "kafka:messages";

        public string Partition => "kafka:messages/0";

        public void AddTo(IServiceCollection services, string? mapping = null, bool skipsGaps = false) =>
            services.AddKafkaSource(_cluster.Address("messages", (mapping is null ? "" : $"mapping={mapping}&") + (skipsGaps ? "gap=skip" : "gap=stop")));

        public Task PublishAsync(params string[] values)
        {
            _cluster.Publish("messages", 0, values);
            return Task.CompletedTask;
        }

        public Task<string> LoseAsync(string last)
        {
            // More than the cluster keeps of a partition.
            string filler = new(' ', 900_000);
            for (int i = 0; i < 12; i++)
            {
                _cluster.Publish("messages", 0, ServerUnderTest.Line($"lost{i}").Trim() + filler);
            }

            _cluster.Publish("messages", 0, last);
            return Task.FromResult("the broker has deleted the records from offset 2 to ");
        }

        public ValueTask DisposeAsync()
        {
            _cluster.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
