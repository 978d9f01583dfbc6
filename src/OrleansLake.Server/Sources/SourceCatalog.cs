using OrleansLake.Client;
using OrleansLake.Server.Connectors;

namespace OrleansLake.Server.Sources;

/// <summary>The sources of topics of an application, those of its settings and those of its code, each under its name.</summary>
/// <exception cref="ServeSettingsException">An address cannot be used, two sources share a name, or nobody could call one by its name.</exception>
internal sealed class SourceCatalog(IServiceProvider provider) : ConnectorCatalog<ITopicSource>(provider, provider.GetRequiredService<LakeServerOptions>().Sources, Words, NameOf)
{
    private const int NameMax = 250;

    /// <summary>Gets the words for them.</summary>
    internal static ConnectorWords Words { get; } = new("source", $"{OrleansLakeServices.Section}:{nameof(LakeServerOptions.Sources)}", "AddKafkaSources() or AddRabbitMqSources()");

    /// <summary>Returns the failure of a call by a name that no source has.</summary>
    internal LakeClientException Unknown(string name) => new(
        LakeClientErrorKind.NotFound, $"There is no source {name}; {(Names.Count == 0 ? "the lake reads none of topics" : $"there are {string.Join(", ", Names)}")}.");

    private static string NameOf(ITopicSource source, IReadOnlyCollection<string> known) =>
        source.Name.Length is 0 or > NameMax || source.Name.Contains('/', StringComparison.Ordinal)
            ? throw new ServeSettingsException($"'{source.Name}' cannot be a source's name: give it one of 1 to {NameMax} characters without '/'.")
        : known.Contains(source.Name)
            ? throw new ServeSettingsException($"Two sources are called {source.Name}: what is kept of one would be the other's. Give one of them another name.")
        : source.Name;
}
