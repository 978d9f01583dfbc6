using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>A real place of reports for <see cref="ReportSinkContract"/>.</summary>
internal interface ITestPlace : IAsyncDisposable
{
    /// <summary>Makes an application write to it.</summary>
    void AddTo(IServiceCollection services);

    /// <summary>Makes a sink of it that nothing writes to yet.</summary>
    IReportSink NewSink();

    /// <summary>Returns the rows of a report that its readers see now.</summary>
    Task<IEnumerable<JsonElement>> RowsAsync(ReportDefinition report);

    /// <summary>Makes it unavailable.</summary>
    Task DownAsync();

    /// <summary>Makes it available again, with what it had.</summary>
    Task UpAsync();
}
