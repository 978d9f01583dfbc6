using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>The place that an application's sources are read from: this process, or the silos of a cluster.</summary>
internal interface ISourcePlacement : ILakeSources
{
    /// <summary>Has all sources read.</summary>
    /// <exception cref="ServeSettingsException">They cannot be, as they are set.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends what this process reads.</summary>
    Task StopAsync();
}
