using OrleansLake.TestSupport;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>Finds the tests of <see cref="SinkFactAttribute"/>, and skips those that have nothing to run on.</summary>
public sealed class SinkFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        testMethod.TestClass.Class.Name == typeof(PostgreSqlContractTests).FullName && new PostgreSqlFactAttribute().Skip is { } reason
            ? new XunitSkippedDataRowTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}
