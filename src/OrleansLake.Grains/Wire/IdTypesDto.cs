using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Wire;

/// <summary>The types of a lake's ids on the wire.</summary>
/// <param name="User">The type of user_id.</param>
/// <param name="Country">The type of country_id.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.IdTypes")]
internal sealed record IdTypesDto([property: Id(0)] IdType User, [property: Id(1)] IdType Country)
{
    internal static IdTypesDto Of(IdTypes ids) => new(ids.User, ids.Country);

    internal IdTypes ToIdTypes() => new(User, Country);
}
