using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Client;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary>The lake that a command speaks of: one in a folder, or that of a running server.</summary>
internal sealed class LakeTarget
{
    private readonly Option<string?> _url = new("--url") { Description = "The server that runs the lake (the lake's folder if not)", HelpName = "URL" };
    private readonly Option<string?> _key;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="scope">The scope that a key needs.</param>
    public LakeTarget(Command command, string scope)
    {
        _key = new Option<string?>("--key") { Description = $"A key with the scope {scope} (or LAKE_KEY)", HelpName = "KEY", DefaultValueFactory = _ => EnvironmentText.Of("LAKE_KEY") };
        command.Options.Add(_url);
        command.Options.Add(_key);
    }

    /// <summary>Returns whether a server is named.</summary>
    public bool IsServer(ParseResult parsed) => parsed.GetValue(_url) is not null;

    /// <summary>Asks the server.</summary>
    public Task<T> AskAsync<T>(ParseResult parsed, Func<HttpLakeClient, Task<T>> ask) =>
        AskAsync(new LakeHttpOptions { BaseAddress = ServerOptions.AddressOf(parsed.GetValue(_url)), Key = parsed.GetValue(_key), TriesMax = 2 }, ask);

    /// <summary>Asks a server.</summary>
    public static async Task<T> AskAsync<T>(LakeHttpOptions options, Func<HttpLakeClient, Task<T>> ask)
    {
        using var http = HttpLakeClient.Configure(new HttpClient(), options);
        try
        {
            return await ask(new HttpLakeClient(http, options)).ConfigureAwait(false);
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.BadRequest)
        {
            throw new UsageException(e.Message);
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.NotFound)
        {
            throw new LakeException(LakeFailure.Failed, e.Message);
        }
        catch (LakeClientException e)
        {
            throw new IOException($"{options.BaseAddress}: {e.Message}", e);
        }
    }
}
