using Microsoft.Extensions.Options;
using OrleansLake.Client.Configuration;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Settings;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Server.Settings;

/// <summary>
/// Reads <see cref="LakeServerOptions"/> from the configuration and looks at them, wherever they come from: nothing that is
/// not understood lets a server start, because what falls away may be the key that closes it.
/// </summary>
internal sealed class LakeServerSettings : IValidateOptions<LakeServerOptions>
{
    private const string Section = EmbeddedLakeServices.Section;

    private const string OfWebServers = $"{nameof(LakeServerOptions.Limits)}:{nameof(LakeServerLimits.ConnectionsMax)}";

    // Asked for where a lake is another process's: an own lake's start does not read the metadata for it.
    private static string[] OfOwnLake => [.. SettingMember.Of(typeof(EmbeddedLakeOptions)).Select(static member => member.Name)];

    /// <summary>Reads what is configured.</summary>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="options">What it goes into.</param>
    /// <param name="ownsLake">Whether the lake is this process's; if not, settings of its folder mean nothing.</param>
    /// <param name="hasClients">Whether lake clients of the application read settings there, too.</param>
    /// <param name="serve">The program whose web server it is; null: the application's, as its connections are.</param>
    /// <exception cref="OptionsValidationException">Something of it is not understood.</exception>
    internal static void Bind(IConfiguration configuration, LakeServerOptions options, bool ownsLake, bool hasClients, ServeSettings? serve) => Refuse(
    [
        .. Misnamed(configuration), .. serve is not null ? [] : OfWebServer(configuration),
        .. SettingBinder.Bind(configuration, Section, options, [.. hasClients ? [LakeClientNames.Section] : (string[])[], .. serve?.OtherSections ?? [OfWebServers]], ownsLake ? [] : OfOwnLake),
    ]);

    /// <summary>Reads the options as they are.</summary>
    /// <exception cref="OptionsValidationException">Something is out of range, not of its format, or there twice.</exception>
    internal static void Check(LakeServerOptions options) => Refuse(ProblemsOf(options));

    // A program has checked its options before it listens: reflection that is done twice is compiled, at each start.
    public ValidateOptionsResult Validate(string? name, LakeServerOptions options) =>
        !options.IsOfProgram && ProblemsOf(options) is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

    private static IReadOnlyList<string> ProblemsOf(LakeServerOptions options) => options is { IsOpenToEverybody: true, Keys.Count: > 0 }
        ? [.. SettingProblems.Of(options, Section), $"{Section}:{nameof(LakeServerOptions.IsOpenToEverybody)} is 'True' beside {Section}:{nameof(LakeServerOptions.Keys)}: everybody is asked for a key then; leave one of them out"]
        : SettingProblems.Of(options, Section);

    private static void Refuse(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(LakeServerOptions), problems);
        }
    }

    private static IEnumerable<string> OfWebServer(IConfiguration configuration)
    {
        const string Path = $"{Section}:{OfWebServers}";
        return configuration[Path] is { } text
            ? [$"{Path} {SettingText.Shown(text, false)}, which means nothing in an application: leave it out, and bound the connections of its web server (ConfigureKestrel, Limits.MaxConcurrentConnections)"] : [];
    }

    // The section itself may be misspelt, or have one underscore in the environment where two are needed. Its content shows
    // whether it is meant for us.
    private static IEnumerable<string> Misnamed(IConfiguration configuration)
    {
        string[] names = [.. SettingMember.Of(typeof(LakeServerOptions)).Select(member => member.Name)];
        foreach (IConfigurationSection section in configuration.GetChildren().Where(one => !one.Key.Equals(Section, StringComparison.OrdinalIgnoreCase)))
        {
            bool isNear = NearestName.Distance(section.Key, Section) <= 2 && section.GetChildren().Any(child => names.Contains(child.Key, StringComparer.OrdinalIgnoreCase));
            bool isJoined = section.Key.StartsWith(Section, StringComparison.OrdinalIgnoreCase)
                && section.Key[Section.Length..].Split('_', '.', '-') is ["", { } first, ..] && names.Contains(first, StringComparer.OrdinalIgnoreCase);
            if (isNear || isJoined)
            {
                yield return $"{section.Path} is not a setting; did you mean {Section}:..., in the environment {Section}__... with two underscores? Nothing reads it as it is";
            }
        }
    }
}
