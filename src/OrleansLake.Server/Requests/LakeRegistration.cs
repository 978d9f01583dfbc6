using OrleansLake.Client;

namespace OrleansLake.Server.Requests;

/// <summary>Checks whether an application has a lake among its services, before anything asks it something.</summary>
internal static class LakeRegistration
{
    /// <summary>Returns the services, if there is a lake among them.</summary>
    /// <param name="services">The application's.</param>
    /// <param name="needing">The method that needs the lake.</param>
    /// <exception cref="ServeSettingsException">There is none: found here, not at the first request.</exception>
    internal static IServiceProvider Required(IServiceProvider services, string needing) =>
        services.GetService<IServiceProviderIsService>() is not { } known || (known.IsService(typeof(LakeServer)) && known.IsService(typeof(ILakeClient))) ? services
            : known.IsService(typeof(LakeServer)) ? throw new ServeSettingsException("AddOrleansLakeServer() serves the application's ILakeClient, and there is none: call AddOrleansLakeCluster(...) or AddOrleansLakeClient(...) as well, or AddOrleansLake() instead for a lake of its own.")
            : throw new ServeSettingsException($"{needing} needs a lake, and the application has none: call builder.Services.AddOrleansLake() before the application is built.");
}
