using OrleansLake.Client;

namespace OrleansLake.Server.Sinks;

/// <summary>The sinks of an application, those of its settings and those of its code, each under its name.</summary>
internal sealed class SinkCatalog
{
    private readonly Dictionary<string, Func<IReportSink>> _byName = new(StringComparer.Ordinal);

    /// <exception cref="ServeSettingsException">An address cannot be used, or two sinks are the same place.</exception>
    internal SinkCatalog(IServiceProvider provider)
    {
        foreach (SinkRegistration one in provider.GetServices<SinkRegistration>())
        {
            Add(() => one.Make(provider));
        }

        SinkScheme[] schemes = [.. provider.GetServices<SinkScheme>()];
        foreach ((string address, int place) in provider.GetRequiredService<LakeServerOptions>().Sinks.Select(static (address, place) => (address, place)))
        {
            string setting = $"{OrleansLakeServices.Section}:{nameof(LakeServerOptions.Sinks)}:{place}";
            Add(Opener(address, setting, schemes));
        }
    }

    /// <summary>Gets the sinks' names.</summary>
    internal IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Makes a sink; null if there is none of that name.</summary>
    internal IReportSink? Open(string name) => _byName.GetValueOrDefault(name)?.Invoke();

    /// <summary>Returns what makes the sink of an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="setting">The setting's name, which what is wrong with it begins with, here and when it makes the sink.</param>
    /// <param name="schemes">The kinds of sinks that there are.</param>
    /// <exception cref="ServeSettingsException">No package of the application has such sinks.</exception>
    internal static Func<IReportSink> Opener(string address, string setting, IReadOnlyList<SinkScheme> schemes)
    {
        if (schemes.FirstOrDefault(one => one.Takes(address)) is { } scheme)
        {
            return () =>
            {
                try
                {
                    return scheme.Open(address);
                }
                catch (ServeSettingsException e)
                {
                    throw new ServeSettingsException($"{setting}: {e.Message}", e);
                }
            };
        }

        // What comes before :// alone: what follows may hold a password.
        string kind = address.IndexOf("://", StringComparison.Ordinal) is > 0 and int end ? $"begins with {address[..end]}://" : "is not an address";
        string known = string.Join(" or ", schemes.SelectMany(static one => one.Schemes).Select(static scheme => $"{scheme}://"));
        throw new ServeSettingsException($"{setting} {kind}, and a sink of this application begins with {(known.Length > 0 ? known : "nothing yet: add AddPostgreSqlSinks() or AddKafkaSinks() of their packages")}.");
    }

    // Made once to know its name, which costs nothing: a sink reaches its place when it is opened.
    private void Add(Func<IReportSink> make)
    {
        IReportSink sink = make();
        if (!_byName.TryAdd(sink.Name, make))
        {
            throw new ServeSettingsException($"{sink} is named twice, or has the name {sink.Name} of another sink: a place has one writer. Leave one of the two out, or give it another schema or prefix.");
        }
    }
}
