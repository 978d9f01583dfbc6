using OrleansLake.Client;
using OrleansLake.Server.Connectors;

namespace OrleansLake.Server.Sinks;

/// <summary>The sinks of an application, those of its settings and those of its code, each under its name.</summary>
/// <exception cref="ServeSettingsException">An address cannot be used, or two sinks are the same place.</exception>
internal sealed class SinkCatalog(IServiceProvider provider) : ConnectorCatalog<IReportSink>(provider, provider.GetRequiredService<LakeServerOptions>().Sinks, Words, NameOf)
{
    /// <summary>Gets the words for them.</summary>
    internal static ConnectorWords Words { get; } = new("sink", $"{OrleansLakeServices.Section}:{nameof(LakeServerOptions.Sinks)}", "AddPostgreSqlSinks() or AddKafkaSinks()");

    private static string NameOf(IReportSink sink, IReadOnlyCollection<string> known) => !known.Contains(sink.Name) ? sink.Name
        : throw new ServeSettingsException($"{sink} is named twice, or has the name {sink.Name} of another sink: a place has one writer. Leave one of the two out, or give it another schema or prefix.");
}
