using OrleansLake.Client;

namespace OrleansLake.Server.Sinks;

/// <summary>A sink that an application adds in code.</summary>
/// <param name="Make">Makes it.</param>
internal sealed record SinkRegistration(Func<IServiceProvider, IReportSink> Make);
