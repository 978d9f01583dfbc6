using Xunit.Sdk;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>A test of <see cref="ReportSinkContract"/>: skipped for the sinks whose place is not installed, but not in CI.</summary>
[XunitTestCaseDiscoverer("OrleansLake.Server.Tests.Sinks.SinkFactDiscoverer", "OrleansLake.Server.Tests")]
public sealed class SinkFactAttribute : FactAttribute;
