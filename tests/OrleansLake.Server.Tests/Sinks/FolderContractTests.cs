using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.TestSupport;
using SinkOfYourOwn;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>The sink of samples/SinkOfYourOwn.</summary>
public sealed class FolderContractTests : ReportSinkContract
{
    private protected override Task<ITestPlace> NewPlaceAsync() => Task.FromResult<ITestPlace>(new FolderPlace());

    private sealed class FolderPlace : ITestPlace
    {
        private readonly ScratchFolder _scratch = new();

        private string Folder => _scratch["reports"];

        public void AddTo(IServiceCollection services) => services.AddReportSink(_ => NewSink());

        public IReportSink NewSink() => new FolderSink(Folder);

        public async Task<IEnumerable<JsonElement>> RowsAsync(ReportDefinition report)
        {
            string path = Path.Combine(Folder, $"{report.Name}.ndjson");
            return File.Exists(path) ? (await File.ReadAllLinesAsync(path)).Select(static line => JsonDocument.Parse(line).RootElement) : [];
        }

        // A file where the folder was.
        public Task DownAsync()
        {
            Directory.Move(Folder, _scratch["away"]);
            return File.WriteAllTextAsync(Folder, "");
        }

        public Task UpAsync()
        {
            File.Delete(Folder);
            Directory.Move(_scratch["away"], Folder);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _scratch.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
