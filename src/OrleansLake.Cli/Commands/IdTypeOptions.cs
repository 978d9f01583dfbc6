using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary>The options <c>--user-id</c> and <c>--country-id</c>: what ids are in a lake that is created, or is to be.</summary>
internal sealed class IdTypeOptions
{
    /// <summary>The words of options for a lake that is not there yet, in their help.</summary>
    public const string NewLake = "of a lake that is to be created, where none is there";

    private readonly ParsedOption<IdType?> _user;
    private readonly ParsedOption<IdType?> _country;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="when">Of which lake they are, as their help says it.</param>
    public IdTypeOptions(Command command, string when)
    {
        _user = ParsedOption.Of<IdType?>("--user-id", $"What user_id is; {when} (int32 if not)", "int32|int64|text", ParseUser);
        _country = ParsedOption.Of<IdType?>("--country-id", $"What country_id is, in messages and in --countries; {when} (int32 if not)", "int32|text", ParseCountry);
        command.Options.Add(_user);
        command.Options.Add(_country);
    }

    /// <summary>Returns whether one was given.</summary>
    public bool IsAnyGiven(SymbolResult parsed) => parsed.GetResult(_user) is not null || parsed.GetResult(_country) is not null;

    /// <summary>Returns the type of user_id that was given; null if none was.</summary>
    public IdType? UserOf(ParseResult parsed) => _user.Of(parsed);

    /// <summary>Returns the type of country_id that was given; null if none was.</summary>
    public IdType? CountryOf(ParseResult parsed) => _country.Of(parsed);

    /// <summary>Returns what was given, and for what was not the default.</summary>
    public IdTypes Of(ParseResult parsed) => new(UserOf(parsed) ?? IdType.Number32, CountryOf(parsed) ?? IdType.Number32);

    /// <summary>Returns the types of a lake, or where there is none those that were given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="lake">The lake; null if there is none.</param>
    /// <exception cref="LakeException">The lake has others than were given.</exception>
    public IdTypes Of(ParseResult parsed, TrialLake? lake)
    {
        if (lake is null)
        {
            return Of(parsed);
        }

        LakeCreation.ThrowIfOtherIds(lake.Ids, UserOf(parsed), CountryOf(parsed));
        return lake.Ids;
    }

    private static IdType? ParseUser(string text, out string? error) => IdTypes.TryParseUser(text, out IdType type, out error) ? type : null;

    private static IdType? ParseCountry(string text, out string? error) => IdTypes.TryParseCountry(text, out IdType type, out error) ? type : null;
}
