using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLake.Client;
using OrleansLake.Server.Connectors;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sinks;

namespace OrleansLake.Server;

/// <summary>Makes an application write its lake's reports to places outside of it.</summary>
public static class ReportSinkServices
{
    /// <summary>
    /// Writes reports to a sink as they change: from this process, or, where silos have <c>AddLakeConnectors()</c>, from one of them. May be called
    /// several times.
    /// </summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="sink">Makes the sink, which reaches its place when it is opened; it is disposed when it is no longer written from here.</param>
    public static IServiceCollection AddReportSink(this IServiceCollection services, Func<IServiceProvider, IReportSink> sink)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(sink);
        return services.AddSingleton(new ConnectorRegistration<IReportSink>(provider => sink(LakeRegistration.Required(provider, nameof(AddReportSink))))).AddLakeSinks().AddSinkHosting();
    }

    /// <summary>Lets <see cref="LakeServerOptions.Sinks"/> name places of a kind.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="schemes">What addresses of such places begin with, before <c>://</c>.</param>
    /// <param name="open">Makes the sink of an address; a <see cref="ServeSettingsException"/> says what is wrong with it, and holds no password.</param>
    public static IServiceCollection AddReportSinks(this IServiceCollection services, IReadOnlyList<string> schemes, Func<string, IReportSink> open)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new ConnectorKind<IReportSink>(schemes, address =>
        {
            // What is wrong with it is found when settings are read; each owner writes by a sink of its own.
            _ = open(address);
            return _ => open(address);
        })).AddLakeSinks().AddSinkHosting();
    }

    /// <summary>Has the sinks of the settings written, or what is wrong with them reported.</summary>
    internal static IServiceCollection AddSinkHosting(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new SinkCatalog(provider));
        services.TryAddSingleton<ISinkPlacement, LocalSinks>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SinkHosting>());
        return services;
    }

    // For an application's own code.
    private static IServiceCollection AddLakeSinks(this IServiceCollection services)
    {
        services.TryAddSingleton<ILakeSinks>(static provider => provider.GetRequiredService<ISinkPlacement>());
        return services;
    }
}
