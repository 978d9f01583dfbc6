using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Mappings;

namespace OrleansLake.Cli.Commands;

/// <summary>The lake that a mapping is tried for, in a folder or of a running server: what its rules for records are.</summary>
/// <param name="TimeZone">Its time zone.</param>
/// <param name="Ids">The types of its ids.</param>
/// <param name="Keep">What it keeps of records beside their messages.</param>
/// <param name="Mappings">Its mappings, by name.</param>
internal sealed record TrialLake(LakeTimeZone TimeZone, IdTypes Ids, KeptFields Keep, IReadOnlyDictionary<string, MessageMapping> Mappings)
{
    /// <summary>Returns one of its mappings; <c>none</c> is that of records that are messages as they are.</summary>
    /// <exception cref="LakeException">It has none of that name.</exception>
    public MessageMapping Find(string name) => name == LakeMappings.NoneName ? MessageMapping.None
        : Mappings.GetValueOrDefault(name) ?? throw MappingNames.Missing(name, LakeMappings.Describe([.. Mappings.Keys]));
}
