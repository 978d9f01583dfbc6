using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Contracts;
using OrleansLake.Core.Reports;
using OrleansLake.Sinks.Kafka;

namespace OrleansLake.Server.Tests.Sinks;

public sealed class KafkaContractTests : ReportSinkContract
{
    private protected override Task<ITestPlace> NewPlaceAsync() => Task.FromResult<ITestPlace>(new Topics());

    private sealed class Topics : ITestPlace
    {
        private readonly KafkaCluster _cluster = new();

        private string Address => $"kafka://{_cluster.Brokers}/reports";

        public void AddTo(IServiceCollection services) => services.AddKafkaSink(Address);

        public IReportSink NewSink() => KafkaReports.TryParse(Address, out KafkaReports? reports, out _) ? new KafkaSink(reports) : throw new InvalidOperationException(Address);

        public Task<IEnumerable<JsonElement>> RowsAsync(ReportDefinition report) => Task.FromResult(TopicFold.RowsOf(_cluster, $"reports.{report.Name}"));

        public Task DownAsync()
        {
            _cluster.SetDown();
            return Task.CompletedTask;
        }

        public Task UpAsync()
        {
            _cluster.SetUp();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _cluster.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
