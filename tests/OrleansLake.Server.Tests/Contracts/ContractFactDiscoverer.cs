using OrleansLake.Contracts;
using OrleansLake.Server.Tests.Sinks;
using OrleansLake.Server.Tests.Sources;
using OrleansLake.TestSupport;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansLake.Server.Tests.Contracts;

/// <summary>Finds the tests of <see cref="ContractFactAttribute"/>, and skips those that have nothing to run on.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        MissingFor(testMethod.TestClass.Class.Name) is { } reason
            ? new XunitSkippedDataRowTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);

    private static string? MissingFor(string tests) =>
        tests == typeof(RabbitStreamContractTests).FullName ? new RabbitFactAttribute().Skip
        : tests == typeof(PostgreSqlContractTests).FullName ? new PostgreSqlFactAttribute().Skip : null;
}
