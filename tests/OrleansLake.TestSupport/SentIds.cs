using System.Globalization;

namespace OrleansLake.TestSupport;

/// <summary>
/// The form in which a producer writes the numbers that its messages have for users and countries, for lakes whose ids are not numbers of
/// 32 bits; and which number an id of that form is.
/// </summary>
/// <param name="UserType">The type of the lake's <c>user_id</c>, as its option names it.</param>
/// <param name="CountryType">The type of its <c>country_id</c>.</param>
public sealed record SentIds(string UserType, string CountryType)
{
    private const long BeyondInt32 = 1L << 40;

    /// <summary>The ids of a default lake.</summary>
    public static SentIds Numbers { get; } = new("int32", "int32");

    /// <summary>Users beyond 32 bits.</summary>
    public static SentIds LongUsers { get; } = new("int64", "int32");

    /// <summary>Texts, some of whose characters take several bytes.</summary>
    public static SentIds Texts { get; } = new("text", "text");

    /// <summary>Returns the id of a user.</summary>
    public object? User(int? number) => Id(UserType, number);

    /// <summary>Returns the id of a country.</summary>
    public object? Country(int? number) => Id(CountryType, number);

    /// <summary>Returns the number of an id that is a text.</summary>
    public static int NumberOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return int.Parse(text[1..^1], CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the number of an id beyond 32 bits.</summary>
    public static int NumberOf(long id) => checked((int)(id - BeyondInt32));

    private static object? Id(string type, int? number) => number is not { } known ? null : type switch
    {
        "text" => string.Create(CultureInfo.InvariantCulture, $"é{known}ü"),
        "int64" => BeyondInt32 + known,
        _ => known,
    };
}
