using System.Collections.Concurrent;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Client.Embedded;

/// <summary>The fields that no column takes and that were named in the log: each once for its source.</summary>
internal sealed class LeftOutNews
{
    // Who may send may make up names of mappings and fields.
    private const int NamesMax = 1024;

    private readonly ConcurrentDictionary<(string Source, string Field), bool> _known = new();

    /// <summary>Returns the sentence about those fields of a send that were not named before; null if there are none.</summary>
    internal string? Next(string source, string? mapping, IReadOnlyDictionary<string, long>? leftOut)
    {
        if (leftOut is null || _known.Count >= NamesMax)
        {
            return null;
        }

        string from = mapping is null ? source : $"{source}, mapping {mapping}";
        Dictionary<string, long> fields = leftOut.Where(field => _known.TryAdd((from, field.Key), true)).ToDictionary();
        return fields.Count == 0 ? null : $"{from}: {LeftOutFields.Describe(fields)}";
    }
}
