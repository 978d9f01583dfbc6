using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansLake.Client.Settings;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Client.Configuration;

/// <summary>
/// The options of the client of a name as an application's configuration has them: the section for all clients, then its own
/// one, then its connection string. Nothing there that is not understood is dropped.
/// </summary>
/// <param name="name">The client's name, and the connection string's.</param>
/// <param name="names">All names.</param>
/// <param name="configuration">The application's configuration.</param>
[RequiresUnreferencedCode(SettingBinder.Trimming)]
internal sealed class ConfiguredLake(string name, LakeClientNames names, IConfiguration configuration) : IConfigureNamedOptions<LakeHttpOptions>, IValidateOptions<LakeHttpOptions>
{
    private const string Root = "OrleansLake";
    private const string Clients = "Client";
    private const string Section = $"{Root}:{Clients}";
    private const int NearMax = 2;

    private LakeConnectionString? ConnectionString => configuration.GetConnectionString(name) is { } text && !string.IsNullOrWhiteSpace(text) ? LakeConnectionString.Parse(text) : null;

    public void Configure(string? client, LakeHttpOptions options)
    {
        if (client == name)
        {
            Bind(options);
        }
    }

    public void Configure(LakeHttpOptions options) => Configure(Options.DefaultName, options);

    public ValidateOptionsResult Validate(string? client, LakeHttpOptions options)
    {
        if (client != name)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> faults = [.. Misnamed(), .. Bind(new LakeHttpOptions())];
        if (ConnectionString?.Fault is { } fault)
        {
            faults.Add($"the connection string '{name}' (ConnectionStrings:{name}) {fault}");
        }
        else if (options.BaseAddress is null)
        {
            faults.Add($"the connection string '{name}' is missing: set ConnectionStrings:{name} (in the environment ConnectionStrings__{name}) to the lake's address, such as http://127.0.0.1:5080");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    // What is beside the clients' section is a server's, and is looked at by that; without one nobody would read it.
    private IEnumerable<string> Misnamed() =>
    [
        .. names.IsBesideServer ? [] : SettingBinder.Unknown(configuration, Root, [Clients], groups: [Clients]),
        .. configuration.GetChildren().Where(IsMeant).Select(section =>
            $"{section.Path} is not a setting; did you mean {Section}:..., in the environment {Root}__{Clients}__... with two underscores? Nothing reads it as it is"),
    ];

    // Whether a section is a misspelt name of ours: its content decides.
    private static bool IsMeant(IConfigurationSection section) => !section.Key.Equals(Root, StringComparison.OrdinalIgnoreCase)
        && ((NearestName.Distance(section.Key, Root) <= NearMax && section.GetChildren().Any(child => NearestName.Of(child.Key, [Clients]) is not null))
            || (section.Key.StartsWith(Root, StringComparison.OrdinalIgnoreCase) && section.Key[Root.Length..].Split('_', '.', '-') is ["", { } first, ..] && NearestName.Of(first, [Clients]) is not null));

    private List<string> Bind(LakeHttpOptions options)
    {
        List<string> faults = [.. SettingBinder.Bind(configuration, Section, options, names.All), .. SettingBinder.Bind(configuration, $"{Section}:{name}", options)];
        options.BaseAddress = ConnectionString?.Endpoint ?? options.BaseAddress;
        options.Key = ConnectionString?.Key ?? options.Key;
        return faults;
    }
}
