namespace OrleansLake.Server.Connectors;

/// <summary>The words for sources, or for sinks, in what is reported of their settings.</summary>
/// <param name="Noun">What one of them is called.</param>
/// <param name="Setting">The setting's name, of which each has a number.</param>
/// <param name="Methods">The methods that bring kinds of them.</param>
internal sealed record ConnectorWords(string Noun, string Setting, string Methods);
