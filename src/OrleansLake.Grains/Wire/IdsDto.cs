using OrleansLake.Core.Messages;

namespace OrleansLake.Grains;

/// <summary>The ids of a message on the wire, where they are not numbers of 32 bits.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.Ids")]
public sealed record IdsDto
{
    /// <summary>Gets the user's number of 64 bits.</summary>
    [Id(0)]
    public long? UserNumber { get; init; }

    /// <summary>Gets the user's text.</summary>
    [Id(1)]
    public string? UserText { get; init; }

    /// <summary>Gets the country's text.</summary>
    [Id(2)]
    public string? CountryText { get; init; }

    /// <summary>Returns the ids; null if numbers of 32 bits hold them.</summary>
    internal static IdsDto? Of(IdValue? user, IdValue? country) => IsNarrow(user) && IsNarrow(country) ? null
        : new IdsDto { UserNumber = IsNarrow(user) ? null : user?.Number, UserText = user?.Text, CountryText = country?.Text };

    /// <summary>Returns an id as a number of 32 bits; null if it is none.</summary>
    internal static int? NarrowOf(IdValue? id) => id?.Number is { } number && IsNarrow(id) ? (int)number : null;

    internal static IdValue? UserOf(IdsDto? ids, int? narrow) => ids?.UserText is { } text ? new IdValue(text) : ids?.UserNumber is { } number ? new IdValue(number) : narrow;

    internal static IdValue? CountryOf(IdsDto? ids, int? narrow) => ids?.CountryText is { } text ? new IdValue(text) : narrow;

    private static bool IsNarrow(IdValue? id) => id is not { } known || (known.Number is { } number && number == (int)number);
}
