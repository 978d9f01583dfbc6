using OrleansLake.Engine.Mappings;

namespace OrleansLake.Client.Embedded;

/// <summary>Checks the mapping that a source's address names, before the source is read.</summary>
internal static class SourceMapping
{
    /// <summary>Returns what is wrong with it; null if the lake has it, or none is named.</summary>
    /// <param name="client">The lake.</param>
    /// <param name="mapping">The mapping's name.</param>
    /// <param name="source">The source, for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LakeClientException">The lake cannot be asked.</exception>
    internal static async Task<string?> FaultAsync(ILakeClient client, string? mapping, object source, CancellationToken cancellationToken)
    {
        if (mapping is null or LakeMappings.NoneName)
        {
            return null;
        }

        IReadOnlyDictionary<string, string> known = await client.GetMappingsAsync(cancellationToken).ConfigureAwait(false);
        return known.ContainsKey(mapping) ? null
            : $"{source} is to be read by the mapping {mapping}, which the lake does not have; {(known.Count == 0 ? "it has none" : $"it has {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}")}. `lake mapping set {mapping} FILE` keeps one.";
    }
}
