using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary>The lake that a mapping is tried for, in a folder or of a running server: what its rules for records are.</summary>
/// <param name="TimeZone">Its time zone.</param>
/// <param name="Ids">The types of its ids.</param>
/// <param name="Keep">What it keeps of records beside their messages.</param>
/// <param name="Mappings">Its mappings, by name.</param>
internal sealed record TrialLake(LakeTimeZone TimeZone, IdTypes Ids, KeptFields Keep, IReadOnlyDictionary<string, MessageMapping> Mappings)
{
    /// <summary>Returns one of its mappings.</summary>
    /// <exception cref="LakeException">It has none of that name.</exception>
    public MessageMapping Find(string name) => Mappings.GetValueOrDefault(name) ?? throw new LakeException(
        LakeFailure.Failed,
        $"There is no mapping {name}; {(Mappings.Count == 0 ? "the lake has none" : $"the lake has {string.Join(", ", Mappings.Keys.Order(StringComparer.Ordinal))}")}. `lake mapping set {name} FILE` keeps one.");
}
