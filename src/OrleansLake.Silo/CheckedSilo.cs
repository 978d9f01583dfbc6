using OrleansLake.Storage;

namespace OrleansLake.Silo;

/// <summary>The result of checking a silo's settings.</summary>
/// <param name="Membership">What keeps the list of silos, in words: see <see cref="SiloOwner.Membership"/>.</param>
/// <param name="DatesPerBodyMax">How many dates the messages of one body may have over HTTP.</param>
internal sealed record CheckedSilo(string Membership, int DatesPerBodyMax);
