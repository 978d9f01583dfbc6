using Xunit.Sdk;

namespace OrleansLake.Server.Tests.Contracts;

/// <summary>A test of a contract of sources or of sinks: skipped for those whose broker or database is not installed, but not in CI.</summary>
[XunitTestCaseDiscoverer("OrleansLake.Server.Tests.Contracts.ContractFactDiscoverer", "OrleansLake.Server.Tests")]
public sealed class ContractFactAttribute : FactAttribute;
