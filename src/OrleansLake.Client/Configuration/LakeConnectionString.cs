using System.Data.Common;
using System.Text.RegularExpressions;

namespace OrleansLake.Client.Configuration;

/// <summary>A lake's connection string: its address alone, or <c>Endpoint=address;Key=key</c>.</summary>
internal sealed partial record LakeConnectionString
{
    private const string EndpointName = "Endpoint";
    private const string KeyName = "Key";

    internal Uri? Endpoint { get; private init; }

    internal string? Key { get; private init; }

    /// <summary>Gets what is wrong with it, without a value of it: it may hold a key. Null: nothing.</summary>
    internal string? Fault { get; private init; }

    internal static LakeConnectionString Parse(string text)
    {
        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? address))
        {
            return new LakeConnectionString { Endpoint = address };
        }

        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return Wrong("is neither an address nor pairs of the form Endpoint=http://127.0.0.1:5080;Key=...");
        }

        string[] unknown = [.. pairs.Keys.Cast<string>().Where(name => !Is(name, EndpointName) && !Is(name, KeyName))];
        if (unknown.Length > 0)
        {
            return Wrong($"has {string.Join(", ", unknown.Select(name => $"'{name}'"))}, which is not known; there are {EndpointName} and {KeyName}");
        }

        // Of two the last would silently count.
        if (Array.Find([EndpointName, KeyName], name => NamePattern(name).Count(QuotedPattern().Replace(text, "")) > 1) is { } twice)
        {
            return Wrong($"has {twice} twice; give it once");
        }

        // .NET leaves out what is empty: a lake that has keys would be asked without one.
        if (!pairs.ContainsKey(KeyName) && NamePattern(KeyName).IsMatch(QuotedPattern().Replace(text, "")))
        {
            return Wrong($"has an empty {KeyName}; give the key, or leave {KeyName} out for a lake without keys");
        }

        return !pairs.TryGetValue(EndpointName, out object? endpoint) ? Wrong($"has no {EndpointName}, such as {EndpointName}=http://127.0.0.1:5080")
            : !Uri.TryCreate((string)endpoint, UriKind.Absolute, out address) ? Wrong($"has an {EndpointName} that is not an absolute URL, such as http://127.0.0.1:5080")
            : new LakeConnectionString { Endpoint = address, Key = pairs.TryGetValue(KeyName, out object? key) ? (string)key : null };
    }

    private static Regex NamePattern(string name) => new($@"(?:^|;)\s*{name}\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    // A value between quotes may hold anything.
    [GeneratedRegex("""(?<==\s*)("[^"]*"|'[^']*')""")]
    private static partial Regex QuotedPattern();

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    private static LakeConnectionString Wrong(string fault) => new() { Fault = fault };
}
