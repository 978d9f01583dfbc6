using System.CommandLine;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Server.Settings;
using OrleansLake.Storage;
using OrleansLake.Storage.TimeZones;

namespace OrleansLake.Cli.Commands;

/// <summary>The lake whose mappings a command reads or changes: one in a folder, or that of a running server.</summary>
internal sealed class MappingTarget
{
    private readonly LakeTarget _lake;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="scope">The scope that a key needs.</param>
    public MappingTarget(Command command, string scope = "admin") => _lake = new LakeTarget(command, scope);

    /// <summary>Returns the texts of all mappings, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(ParseResult parsed, CancellationToken cancellationToken) => !_lake.IsServer(parsed)
        ? LakeReader.Open(GlobalOptions.PathOf(parsed)).Mappings.All.ToDictionary(static one => one.Key, static one => one.Value.Text, StringComparer.Ordinal)
        : await _lake.AskAsync(parsed, client => client.GetMappingsAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>Returns the lake, for a trial of a mapping; null if the folder has none.</summary>
    public async Task<TrialLake?> ForTrialAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_lake.IsServer(parsed))
        {
            return await _lake.AskAsync(parsed, client => TrialOfAsync(client, cancellationToken)).ConfigureAwait(false);
        }

        string path = GlobalOptions.PathOf(parsed);
        if (!Path.Exists(Path.Join(path, "lake.json")))
        {
            return null;
        }

        LakeReader lake = LakeReader.Open(path);
        return new TrialLake(lake.TimeZone, lake.Reports.Ids, LakeColumns.Kept(new LakeOptions { Path = path }), lake.Mappings.All);
    }

    private static async Task<TrialLake> TrialOfAsync(HttpLakeClient client, CancellationToken cancellationToken)
    {
        LakeStanding status = await client.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        LakeTimeZone zone = status.TimeZone is { } id ? ZoneOf(id)
            : throw new LakeException(LakeFailure.Failed, "The server is of an earlier version and does not say what its lake's time zone is; `lake mapping show` has a mapping of it, which can be tried without --url.");
        IReadOnlyDictionary<string, string> mappings = await client.GetMappingsAsync(cancellationToken).ConfigureAwait(false);
        return new TrialLake(zone, status.Ids, status.Keep, mappings.ToDictionary(
            static one => one.Key, one => MappingSource.Parse(Encoding.UTF8.GetBytes(one.Value), one.Key, status.Ids), StringComparer.Ordinal));
    }

    private static LakeTimeZone ZoneOf(string id)
    {
        try
        {
            return TimeZoneFiles.Load(id);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new LakeException(LakeFailure.Environment, $"The lake's time zone is not known here: {e.Message}", e);
        }
    }

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
