using System.CommandLine;
using OrleansLake.Core.Mapping;
using OrleansLake.Engine;
using OrleansLake.Server.Settings;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Commands;

/// <summary>The lake whose mappings a command reads or changes: one in a folder, or that of a running server.</summary>
internal sealed class MappingTarget
{
    private readonly LakeTarget _lake;

    /// <summary>Adds the options to a command.</summary>
    public MappingTarget(Command command) => _lake = new LakeTarget(command, "admin");

    /// <summary>Returns the texts of all mappings, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(ParseResult parsed, CancellationToken cancellationToken) => !_lake.IsServer(parsed)
        ? LakeReader.Open(GlobalOptions.PathOf(parsed)).Mappings.All.ToDictionary(static one => one.Key, static one => one.Value.Text, StringComparer.Ordinal)
        : await _lake.AskAsync(parsed, client => client.GetMappingsAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>Keeps a mapping.</summary>
    public async Task SetAsync(ParseResult parsed, string name, MessageMapping mapping, CancellationToken cancellationToken)
    {
        if (_lake.IsServer(parsed))
        {
            await _lake.AskAsync(parsed, async client =>
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
        if (_lake.IsServer(parsed))
        {
            return await _lake.AskAsync(parsed, client => client.RemoveMappingAsync(name, cancellationToken)).ConfigureAwait(false);
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
}
