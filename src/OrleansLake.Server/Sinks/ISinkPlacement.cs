using OrleansLake.Client;

namespace OrleansLake.Server.Sinks;

/// <summary>The place that an application's sinks are written from: this process, or the silos of a cluster.</summary>
internal interface ISinkPlacement : ILakeSinks
{
    /// <summary>Has all sinks written.</summary>
    /// <exception cref="ServeSettingsException">They cannot be, as they are set.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends what this process writes.</summary>
    Task StopAsync();
}
