using Xunit.Sdk;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>A test of <see cref="TopicSourceContract"/>: skipped for the sources whose broker is not installed, but not in CI.</summary>
[XunitTestCaseDiscoverer("OrleansLake.Server.Tests.Sources.SourceFactDiscoverer", "OrleansLake.Server.Tests")]
public sealed class SourceFactAttribute : FactAttribute;
