namespace OrleansLake.Server.Connectors;

/// <summary>The sources, or the sinks, of an application, those of its settings and those of its code, each under its name.</summary>
/// <typeparam name="T">What they are.</typeparam>
internal abstract class ConnectorCatalog<T>
    where T : class
{
    private readonly SortedDictionary<string, (T First, Func<T> Make)> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the settings, and makes each, which says its name: none of them reaches its place before it is opened.</summary>
    /// <param name="provider">The application's services.</param>
    /// <param name="addresses">The addresses that its settings name.</param>
    /// <param name="words">The words for them.</param>
    /// <param name="nameOf">Returns the name of one, or says why it cannot be used beside those that there are.</param>
    /// <exception cref="ServeSettingsException">One of them cannot be used.</exception>
    private protected ConnectorCatalog(IServiceProvider provider, IEnumerable<string> addresses, ConnectorWords words, Func<T, IReadOnlyCollection<string>, string> nameOf)
    {
        ConnectorKind<T>[] kinds = [.. provider.GetServices<ConnectorKind<T>>()];
        foreach (Func<IServiceProvider, T> make in provider.GetServices<ConnectorRegistration<T>>().Select(static one => one.Make)
            .Concat(addresses.Select((address, place) => ConnectorAddresses.Parse(address, $"{words.Setting}:{place}", kinds, words)).OfType<Func<IServiceProvider, T>>()))
        {
            T first = make(provider);
            _byName.Add(nameOf(first, _byName.Keys), (first, () => make(provider)));
        }
    }

    /// <summary>Gets their names, in order.</summary>
    internal IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Returns the one of a name, the same each time; null if there is none.</summary>
    internal T? Find(string name) => _byName.TryGetValue(name, out (T First, Func<T> Make) known) ? known.First : null;

    /// <summary>Makes another one of a name, for one who disposes it; null if there is none.</summary>
    internal T? Open(string name) => _byName.TryGetValue(name, out (T First, Func<T> Make) known) ? known.Make() : null;
}
