using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Client;
using OrleansLake.Core.Mapping;
using OrleansLake.Engine;
using OrleansLake.Server;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Commands;

/// <summary>The lake whose mappings a command reads or changes: one in a folder, or that of a running server.</summary>
internal sealed class MappingTarget
{
    private readonly Option<string?> _url = new("--url") { Description = "The server that runs the lake (the lake's folder if not)", HelpName = "URL" };
    private readonly Option<string?> _key = new("--key") { Description = "A key with the scope admin (or LAKE_KEY)", HelpName = "KEY", DefaultValueFactory = _ => EnvironmentText.Of("LAKE_KEY") };

    /// <summary>Adds the options to a command.</summary>
    public MappingTarget(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
    }

    /// <summary>Returns the texts of all mappings, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(ParseResult parsed, CancellationToken cancellationToken) => parsed.GetValue(_url) is null
        ? LakeReader.Open(GlobalOptions.PathOf(parsed)).Mappings.All.ToDictionary(static one => one.Key, static one => one.Value.Text, StringComparer.Ordinal)
        : await AskAsync(parsed, client => client.GetMappingsAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>Keeps a mapping.</summary>
    public async Task SetAsync(ParseResult parsed, string name, MessageMapping mapping, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_url) is not null)
        {
            await AskAsync(parsed, async client =>
            {
                await client.SetMappingAsync(name, mapping.Text, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            return;
        }

        await using Lake lake = await OpenAsync(parsed, cancellationToken).ConfigureAwait(false);
        lake.Mappings.Set(name, mapping);
    }

    /// <summary>Removes a mapping.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(ParseResult parsed, string name, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_url) is not null)
        {
            return await AskAsync(parsed, client => client.RemoveMappingAsync(name, cancellationToken)).ConfigureAwait(false);
        }

        await using Lake lake = await OpenAsync(parsed, cancellationToken).ConfigureAwait(false);
        return lake.Mappings.Remove(name);
    }

    private static async Task<Lake> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            return await Lake.OpenAsync(new LakeOptions { Path = GlobalOptions.PathOf(parsed) }, cancellationToken).ConfigureAwait(false);
        }
        catch (LakeInUseException e)
        {
            throw new LakeInUseException($"{e.Message}; name its server with --url, such as --url {ServeSettings.DefaultUrl}", e);
        }
    }

    private async Task<T> AskAsync<T>(ParseResult parsed, Func<HttpLakeClient, Task<T>> ask)
    {
        LakeHttpOptions options = new() { BaseAddress = ServerOptions.AddressOf(parsed.GetValue(_url)), Key = parsed.GetValue(_key), TriesMax = 2 };
        using var http = HttpLakeClient.Configure(new HttpClient(), options);
        try
        {
            return await ask(new HttpLakeClient(http, options)).ConfigureAwait(false);
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.BadRequest)
        {
            throw new UsageException(e.Message);
        }
        catch (LakeClientException e)
        {
            throw new IOException($"{options.BaseAddress}: {e.Message}", e);
        }
    }
}
