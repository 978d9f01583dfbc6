using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sinks;

namespace OrleansLake.Server;

/// <summary>Makes an application write its lake's reports to places outside of it.</summary>
public static class ReportSinkServices
{
    /// <summary>Writes reports to a sink as they change. May be called several times.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="sink">Makes the sink; it is disposed with the host.</param>
    public static IServiceCollection AddReportSink(this IServiceCollection services, Func<IServiceProvider, IReportSink> sink)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(sink);

        // Not as a hosted service of its type: of each type there is one.
        return services.AddSingleton<IHostedService>(provider => new SinkWriting(
            sink(LakeRegistration.Required(provider, nameof(AddReportSink))),
            provider.GetRequiredService<ILakeClient>(),
            provider.GetRequiredService<LakeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SinkWriting>>()));
    }
}
