using Microsoft.Extensions.DependencyInjection;
using OrleansLake.TestSupport;
using SourceOfYourOwn;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>The source of samples/SourceOfYourOwn.</summary>
public sealed class LinesSourceTests : TopicSourceContract
{
    private protected override Task<ITestTopic> NewTopicAsync() => Task.FromResult<ITestTopic>(new LinesTopic());

    private sealed class LinesTopic : ITestTopic
    {
        private readonly ScratchFolder _scratch = new();

        private string File => _scratch["messages.ndjson"];

        public string Source => "lines:messages.ndjson";

        public string Partition => "lines:messages.ndjson/0";

        public void AddTo(IServiceCollection services, string? mapping = null, bool skipsGaps = false) =>
            services.AddTopicSource(_ => new LinesSource(File) { Mapping = mapping, SkipsGaps = skipsGaps });

        public Task PublishAsync(params string[] values) => System.IO.File.AppendAllTextAsync(File, string.Concat(values.Select(static value => value + "\n")));

        public async Task<string> LoseAsync(string last)
        {
            await System.IO.File.WriteAllTextAsync(File, last + "\n");
            return "it ends at offset 1, but was read up to 2: the topic was made again, or has lost records";
        }

        public ValueTask DisposeAsync()
        {
            _scratch.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
