using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Client;
using OrleansLake.Server.Settings;

namespace OrleansLake.Cli.Commands;

/// <summary>The options of commands that speak to a running server.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> _url = new("--url")
    {
        Description = "Where the server is (or LAKE_URL)",
        HelpName = "URL",
        DefaultValueFactory = _ => EnvironmentText.Of("LAKE_URL") ?? ServeSettings.DefaultUrl,
    };

    private readonly Option<string?> _key;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withKey">Whether the server may ask for a key.</param>
    /// <param name="scope">The scope that the key needs.</param>
    public ServerOptions(Command command, bool withKey, string scope = "read")
    {
        _key = new Option<string?>("--key") { Description = $"A key with the scope {scope} (or LAKE_KEY)", HelpName = "KEY", DefaultValueFactory = _ => EnvironmentText.Of("LAKE_KEY") };
        command.Options.Add(_url);
        if (withKey)
        {
            command.Options.Add(_key);
        }
    }

    /// <summary>Returns the address of the server.</summary>
    public Uri AddressOf(ParseResult parsed) => AddressOf(parsed.GetValue(_url));

    /// <summary>Returns the address of a server that <c>--url</c> names.</summary>
    public static Uri AddressOf(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address
        : throw new UsageException($"--url: expected the server's address, such as {ServeSettings.DefaultUrl}.");

    /// <summary>Asks the server.</summary>
    public Task<T> AskAsync<T>(ParseResult parsed, Func<HttpLakeClient, Task<T>> ask) => LakeTarget.AskAsync(HttpOf(parsed), ask);

    /// <summary>Returns the options with which the server is reached.</summary>
    public LakeHttpOptions HttpOf(ParseResult parsed) => new() { BaseAddress = AddressOf(parsed), Key = parsed.GetValue(_key), TriesMax = 2 };
}
