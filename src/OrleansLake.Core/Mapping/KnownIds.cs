using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Mapping;

/// <summary>The types of the ids of the lake that a mapping is proposed for, as far as they are known.</summary>
/// <param name="User">The type of <c>user_id</c>; null: the lake is to be created, with the type that the records need.</param>
/// <param name="Country">The same of <c>country_id</c>.</param>
internal readonly record struct KnownIds(IdType? User, IdType? Country)
{
    /// <summary>Returns the type of a column's ids.</summary>
    public IdType? Of(MessageColumn column) => column == MessageSchema.UserId ? User : Country;
}
