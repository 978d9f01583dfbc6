using Microsoft.Extensions.DependencyInjection;

namespace OrleansLake.Client.Configuration;

/// <summary>The names of an application's lake clients, while they are added.</summary>
internal sealed class LakeClientNames
{
    /// <summary>The section of all clients, beside the settings of a lake that the application has as well.</summary>
    internal const string Section = "Client";

    private readonly List<string> _names = [];
    private readonly HashSet<string> _configured = [];

    internal IReadOnlyList<string> All => _names;

    /// <summary>Gets or sets a value indicating whether the application has a server as well, which looks at all that is configured for it.</summary>
    internal bool IsBesideServer { get; set; }

    /// <summary>Returns those of an application.</summary>
    internal static LakeClientNames Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(LakeClientNames))?.ImplementationInstance is LakeClientNames known)
        {
            return known;
        }

        var names = new LakeClientNames();
        services.AddSingleton(names);
        return names;
    }

    /// <summary>Returns whether it is new.</summary>
    internal bool Add(string name)
    {
        if (_names.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        _names.Add(name);
        return true;
    }

    /// <summary>Returns whether its options come from the application's configuration from now on.</summary>
    internal bool AddConfigured(string name) => _configured.Add(name);

    /// <summary>Gets a value indicating whether any client reads the application's configuration.</summary>
    internal bool IsAnyConfigured => _configured.Count > 0;

    internal bool IsConfigured(string name) => _configured.Contains(name);
}
