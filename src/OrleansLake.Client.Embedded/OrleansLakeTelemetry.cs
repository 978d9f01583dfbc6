using OrleansLake.Engine.Tracing;

namespace OrleansLake.Client.Embedded;

/// <summary>
/// Under which names a lake's figures and spans are found, for an application that exports them:
/// <c>AddMeter(OrleansLakeTelemetry.MeterName)</c>, <c>AddSource(OrleansLakeTelemetry.ActivitySourceName)</c>.
/// </summary>
public static class OrleansLakeTelemetry
{
    /// <summary>The meter of all metrics.</summary>
    public const string MeterName = "OrleansLake";

    /// <summary>The source of the spans <c>lake.accept</c>, <c>lake.fsync</c>, <c>lake.apply</c>, <c>lake.commit</c> and <c>lake.manifest</c>.</summary>
    public const string ActivitySourceName = LakeTracing.SourceName;
}
