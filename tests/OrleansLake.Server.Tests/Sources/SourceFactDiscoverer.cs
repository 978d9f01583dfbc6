using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>Finds the tests of <see cref="SourceFactAttribute"/>, and skips those that have nothing to run on.</summary>
public sealed class SourceFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        testMethod.TestClass.Class.Name == typeof(RabbitStreamContractTests).FullName && new RabbitFactAttribute().Skip is { } reason
            ? new XunitSkippedDataRowTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}
