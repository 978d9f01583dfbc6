namespace OrleansLake.Server.Connectors;

/// <summary>A kind of sources, or of sinks, that an application's settings may name by addresses.</summary>
/// <typeparam name="T">What they are.</typeparam>
/// <param name="Schemes">What such addresses begin with, before <c>://</c>: <c>kafka</c>.</param>
/// <param name="Parse">
/// Reads an address and returns what makes the connector; a <see cref="ServeSettingsException"/> says what is wrong, without a password. Null: the kind's package
/// looks after the address itself, as nothing of it is to be placed. That is a queue, whose broker shares it.
/// </param>
internal sealed record ConnectorKind<T>(IReadOnlyList<string> Schemes, Func<string, Func<IServiceProvider, T>?> Parse)
{
    internal bool Takes(string address) => Schemes.Any(scheme => address.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase));
}
