using OrleansLake.Core.Mapping;
using OrleansLake.Server;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Silo;

/// <summary>The result of checking a silo's settings.</summary>
/// <param name="Membership">What keeps the list of silos, in words: see <see cref="SiloOwner.Membership"/>.</param>
/// <param name="Limits">Bounds on what comes over HTTP.</param>
/// <param name="Mapping">The default mapping of a lake that is created; null: none.</param>
internal sealed record CheckedSilo(string Membership, LakeServerLimits Limits, MessageMapping? Mapping);
