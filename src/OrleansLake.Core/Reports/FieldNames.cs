using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>The names that codes of a message's fields stand for: those of event types and channels, and of ids that are not numbers of 32 bits.</summary>
/// <param name="ids">The types of the ids.</param>
internal sealed class FieldNames(IdTypes ids)
{
    private FieldNames(FieldNames from)
        : this(from.Ids)
    {
        EventTypes = from.EventTypes.Copy();
        Channels = from.Channels.Copy();
        Users = from.Users?.Copy();
        Countries = from.Countries?.Copy();
    }

    /// <summary>Gets the types of the ids.</summary>
    public IdTypes Ids { get; } = ids;

    public NameTable EventTypes { get; } = new();

    public NameTable Channels { get; } = new();

    /// <summary>Gets the users' names; null where users are numbers of 32 bits.</summary>
    public NameTable? Users { get; } = ids.User == IdType.Number32 ? null : new NameTable();

    /// <summary>Gets the countries' names; null where countries are numbers of 32 bits.</summary>
    public NameTable? Countries { get; } = ids.Country == IdType.Number32 ? null : new NameTable();

    /// <summary>Returns the names of a field; null if it holds numbers.</summary>
    public NameTable? Of(MessageField field) => field switch
    {
        MessageField.EventType => EventTypes,
        MessageField.Channel => Channels,
        MessageField.UserId => Users,
        MessageField.CountryId => Countries,
        _ => null,
    };

    /// <summary>Returns the type of a field of ids.</summary>
    public IdType TypeOf(MessageField field) => field == MessageField.UserId ? Ids.User : field == MessageField.CountryId ? Ids.Country : IdType.Number32;

    /// <summary>Returns the same names under the same codes.</summary>
    public FieldNames Copy() => new(this);
}
