namespace OrleansLake.Core.Messages;

/// <summary>The types of a lake's ids, fixed when it is created.</summary>
/// <param name="User">The type of <c>user_id</c>.</param>
/// <param name="Country">The type of <c>country_id</c>.</param>
public sealed record IdTypes(IdType User, IdType Country)
{
    /// <summary>Gets the types of a lake whose creator gave none: numbers of 32 bits.</summary>
    public static IdTypes Default { get; } = new(IdType.Number32, IdType.Number32);

    /// <summary>Gets a value indicating whether both are numbers of 32 bits.</summary>
    public bool AreDefault => User == IdType.Number32 && Country == IdType.Number32;

    /// <summary>Returns the type of a column of ids.</summary>
    /// <param name="column">The column's name: <c>user_id</c> or <c>country_id</c>.</param>
    internal IdType Of(string column) => column == MessageSchema.UserId.Name ? User : Country;

    /// <summary>Returns the option of the command that creates a lake, which says what a column's ids are.</summary>
    /// <param name="column">The column's name.</param>
    internal static string OptionOf(string column) => column == MessageSchema.UserId.Name ? "--user-id" : "--country-id";

    /// <summary>Gets what a user is shown: <c>user_id text, country_id int32</c>.</summary>
    public string Shown => $"user_id {Name(User)}, country_id {Name(Country)}";

    /// <summary>Returns a type as options and files name it.</summary>
    public static string Name(IdType type) => type switch
    {
        IdType.Number64 => "int64",
        IdType.Text => "text",
        _ => "int32",
    };

    /// <summary>Reads the type of <c>user_id</c>.</summary>
    /// <param name="text">Its name.</param>
    /// <param name="type">The type.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParseUser(string text, out IdType type, out string? error) => TryParse(text, out type, out error, "int32, int64 or text", IdType.Number32, IdType.Number64, IdType.Text);

    /// <summary>Reads the type of <c>country_id</c>.</summary>
    /// <param name="text">Its name.</param>
    /// <param name="type">The type.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParseCountry(string text, out IdType type, out string? error) => TryParse(text, out type, out error, "int32 or text", IdType.Number32, IdType.Text);

    /// <summary>Returns the type of <c>user_id</c> that a setting names; null if it names none.</summary>
    /// <exception cref="FormatException">There is no such type.</exception>
    public static IdType? UserOf(string? text) => text is null ? null : TryParseUser(text, out IdType type, out string? error) ? type : throw new FormatException($"The type of user_id: {error}.");

    /// <summary>Returns the type of <c>country_id</c> that a setting names; null if it names none.</summary>
    /// <exception cref="FormatException">There is no such type.</exception>
    public static IdType? CountryOf(string? text) => text is null ? null : TryParseCountry(text, out IdType type, out string? error) ? type : throw new FormatException($"The type of country_id: {error}.");

    private static bool TryParse(string text, out IdType type, out string? error, string expected, params ReadOnlySpan<IdType> types)
    {
        foreach (IdType one in types)
        {
            if (Name(one) == text)
            {
                type = one;
                error = null;
                return true;
            }
        }

        type = IdType.Number32;
        error = $"'{text}' is not known; expected {expected}";
        return false;
    }
}
