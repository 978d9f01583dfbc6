using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Hosting;

/// <summary>Sends a server's metrics and traces to a collector, where the environment names one.</summary>
public static class OtlpExport
{
    /// <summary>Adds the exporter if the environment names a collector.</summary>
    /// <param name="services">The server's services.</param>
    public static void AddConfigured(IServiceCollection services)
    {
        if (OtlpSettings.AreGiven)
        {
            Add(services);
        }
    }

    // Apart, so that nothing of OpenTelemetry is loaded where nobody asks for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IServiceCollection services)
    {
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and so go before our name.
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService("orleanslake").AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(OrleansLakeTelemetry.ActivitySourceName, "RabbitMQ.Client.*", "Microsoft.Orleans.*").AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(OrleansLakeTelemetry.MeterName, "Microsoft.Orleans"))
            .UseOtlpExporter();
    }
}
