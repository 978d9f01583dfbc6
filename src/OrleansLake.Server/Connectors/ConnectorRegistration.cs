namespace OrleansLake.Server.Connectors;

/// <summary>A source, or a sink, that an application adds in code.</summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="Make">Makes it.</param>
internal sealed record ConnectorRegistration<T>(Func<IServiceProvider, T> Make);
