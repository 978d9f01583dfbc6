using System.Net;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Server;
using OrleansLake.Server.Hosting;
using OrleansLake.Server.Settings;
using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Silo;

/// <summary>
/// The checks before anything starts: first what is on this machine, of which every problem is reported at once, then
/// what may have to be waited for.
/// </summary>
internal static class SiloChecks
{
    /// <summary>Checks a silo's settings against what there is.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="ports">Where its ports are taken.</param>
    /// <param name="say">Reports what is waited for.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What was found out on the way.</returns>
    /// <exception cref="SiloStartException">No silo can start with them.</exception>
    /// <exception cref="LakeInUseException">Another process or cluster runs the lake.</exception>
    internal static async Task<CheckedSilo> RunAsync(SiloSettings settings, PortClaims ports, Action<string> say, CancellationToken cancellationToken)
    {
        var problems = new StartProblems();
        foreach ((string setting, int port) in (ReadOnlySpan<(string, int)>)[("Silo:Port", settings.Silo.Port), ("Silo:GatewayPort", settings.Silo.GatewayPort)])
        {
            if (PortCheck.Problem(setting, settings.Address, port, ports) is { } problem && !problems.Contains(problem))
            {
                problems.Add(problem);
            }
        }

        LakeServerLimits? limits = await CheckHttpAsync(settings, problems);
        await CheckHealthAsync(settings, problems);
        byte[]? mappingFile = ReadMapping(settings, problems);
        MessageMapping? mapping = null;
        if (settings.Lake.Store == LakeStoreKind.Folder)
        {
            mapping = CheckLake(settings, mappingFile, problems);
        }

        problems.ThrowIfAny();
        var wait = new StartWait(settings.Silo.WaitMax, say);
        string membership = settings.Cluster.Kind == ClusteringKind.PostgreSql
            ? await PostgreSqlCheck.RunAsync(settings.Cluster.PostgreSql!, SiloConnectors.HaveGrains(settings) && settings.Lake.Store == LakeStoreKind.Folder, wait, cancellationToken)
            : $"first silo on {Environment.MachineName}, port {settings.Cluster.FirstPort}";
        if (settings.Lake.Store == LakeStoreKind.Azure)
        {
            await AzureCheck.RunAsync(settings, wait, cancellationToken);
            mapping = CheckLake(settings, mappingFile, problems);
            problems.ThrowIfAny();
        }

        SiloClaim.Check(settings.OpenStore(), OwnerOf(settings, membership), TimeSpan.FromSeconds(1));
        if (settings.IsListElsewhere)
        {
            var first = new IPEndPoint(IPAddress.Loopback, settings.Cluster.FirstPort);
            await wait.ForAsync(
                $"the first silo, which keeps the list of them, on {first} (Cluster:PrimaryPort; start one with Silo:Port {settings.Cluster.FirstPort})",
                cancellation => PortCheck.SilenceAsync(first, cancellation), cancellationToken);
        }

        return new CheckedSilo(membership, limits!, mapping);
    }

    private static SiloOwner OwnerOf(SiloSettings settings, string membership) =>
        new(settings.Cluster.Id, membership, new IPEndPoint(settings.Address, settings.Silo.Port).ToString(), Environment.ProcessId, Environment.MachineName);

    internal static async Task<LakeServerLimits?> CheckHttpAsync(SiloSettings settings, StartProblems problems)
    {
        if (settings.Http.Addresses.Length == 0 && settings.Http.Keys is not null)
        {
            problems.Add("Http:Keys is given, and Http:Urls is not: nothing listens. Give both, or neither.");
            return null;
        }

        try
        {
            return await LakeWebServer.CheckInFrontAsync(SiloWeb.SettingsOf(settings));
        }
        catch (ServeSettingsException e) when (e.InnerException?.InnerException is IOException or UnauthorizedAccessException)
        {
            problems.AddOfEnvironment(e.Message);
            return null;
        }
        catch (ServeSettingsException e)
        {
            problems.AddRange((e.Problems.Count > 0 ? e.Problems : [e.Message]).Select(problem => problem.StartsWith('\'') ? $"Http:Urls: {problem}" : problem));
            return null;
        }
    }

    private static async Task CheckHealthAsync(SiloSettings settings, StartProblems problems)
    {
        try
        {
            ServeSettings health = SiloWeb.HealthOf(settings);
            if (WebListening.CheckUrls(health) is { Length: > 0 } urls)
            {
                await WebListening.ListenAsync(health, urls);
            }
        }
        catch (ServeSettingsException e)
        {
            problems.AddRange(e.Problems.Count > 0 ? e.Problems : [e.Message]);
        }
    }

    // Once: it may be a pipe.
    private static byte[]? ReadMapping(SiloSettings settings, StartProblems problems)
    {
        string? file = settings.Lake.MappingFile;
        try
        {
            return file is null ? null : WholeFile.Read(SystemPath.Of(file), MessageMapping.BytesMax);
        }
        catch (LakeException e)
        {
            problems.Add($"Lake:MappingFile: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : Directory.Exists(SystemPath.Of(file!)) ? "it is a folder" : e.Message.TrimEnd('.');
            problems.AddOfEnvironment($"Lake:MappingFile: {file} cannot be read: {why}; name another one.");
        }

        return null;
    }

    // What it says of ids is read by the types of the lake that is there, or else of the one that is to be created.
    private static MessageMapping? MappingOf(SiloSettings settings, byte[]? file, IdTypes? made, StartProblems problems)
    {
        IdTypes ids = made ?? new IdTypes(IdTypes.UserOf(settings.Lake.UserId) ?? IdType.Number32, IdTypes.CountryOf(settings.Lake.CountryId) ?? IdType.Number32);
        try
        {
            return file is null ? null : MappingSource.Parse(file, settings.Lake.MappingFile!, ids);
        }
        catch (LakeException e)
        {
            problems.Add($"Lake:MappingFile: {e.Message}");
            return null;
        }
    }

    // Returns the mapping that its settings name, which is read by the lake's types.
    private static MessageMapping? CheckLake(SiloSettings settings, byte[]? mappingFile, StartProblems problems)
    {
        IdTypes? ids = null;
        MessageMapping? mapping = null;
        ILakeStore store = settings.OpenStore();
        string where = settings.Lake.Store == LakeStoreKind.Folder ? "Lake:Folder" : "Lake:Container";
        if (settings.Lake.Store == LakeStoreKind.Folder && File.Exists(store.Location))
        {
            problems.AddOfEnvironment($"{where}: {store.Location} is a file: name a folder.");
            return MappingOf(settings, mappingFile, null, problems);
        }

        try
        {
            LakeFolder folder = LakeFolder.Inspect(store);
            if (folder.Kind == LakeFolderKind.Other)
            {
                problems.AddOfEnvironment($"{where}: {store.Location} is neither empty nor a lake (it holds {folder.Unexpected}); name another one.");
            }
            else if (folder.Kind == LakeFolderKind.Adoptable)
            {
                problems.Add($"{where}: {store.Location} holds bronze files of another program and is not a lake yet; `lake run` makes it one, and silos run it then.");
            }
            else if (folder.Kind == LakeFolderKind.Lake)
            {
                LakeDescription made = LakeDescription.Read(store);
                CheckDescription(settings, made, problems);
                ids = made.Ids;
            }

            mapping = MappingOf(settings, mappingFile, ids, problems);
            if (ids is not null)
            {
                CheckMapping(store, mapping, problems);
            }

            if (settings.Lake.Store == LakeStoreKind.Folder)
            {
                CheckWritable(store.Location);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not LakeNotFoundException)
        {
            problems.AddOfEnvironment($"{where}: the lake cannot be read and written at {store.Location}: {e.Message}");
        }

        return mapping;
    }

    private static void CheckDescription(SiloSettings settings, LakeDescription lake, StartProblems problems)
    {
        if (settings.Lake.TimeZone is { } zone && zone != lake.TimeZone)
        {
            problems.Add($"Lake:TimeZone is {zone}, and the lake's is {lake.TimeZone}, which was fixed when it was created: leave the setting out.");
        }

        foreach ((string name, string? asked, IdType made) in (ReadOnlySpan<(string, string?, IdType)>)[("UserId", settings.Lake.UserId, lake.Ids.User), ("CountryId", settings.Lake.CountryId, lake.Ids.Country)])
        {
            if (asked is not null && asked != IdTypes.Name(made))
            {
                problems.Add($"Lake:{name} is {asked}, and the lake's is {IdTypes.Name(made)}, which was fixed when it was created: leave the setting out.");
            }
        }

        if (settings.Lake.Keep is { } keep && keep != lake.Keep)
        {
            problems.Add($"Lake:Keep is {keep}, and the lake keeps {lake.Keep}: leave the setting out, or change the lake by `lake column keep` while no silo runs.");
        }

        if (settings.Lake.Partitions is { } partitions && partitions != lake.Partitions)
        {
            problems.Add($"Lake:Partitions is {partitions}, and the lake has {lake.Partitions}: leave the setting out, or change the lake by `lake repartition {partitions}` while no silo runs.");
        }
    }

    private static void CheckMapping(ILakeStore store, MessageMapping? asked, StartProblems problems)
    {
        try
        {
            if (asked is not null && LakeReader.Open(store).Mappings.Default is var made && made?.Text != asked.Text)
            {
                problems.Add($"Lake:MappingFile is given, and the lake has {(made is null ? "no" : "another")} default mapping: leave the setting out, or give the lake this one with `lake mapping set FILE`.");
            }
        }
        catch (LakeException e)
        {
            problems.Add(e.Message);
        }
    }

    // As a user who may not write there, or on a disk that is mounted to be read only, it would fail when it joins.
    private static void CheckWritable(string folder)
    {
        Directory.CreateDirectory(folder);
        using FileStream probe = OpenProbe(folder);
    }

    /// <summary>
    /// Makes a file that goes when it is closed. Its name is its own, as silos may look at the same moment, and one that another silo,
    /// which checks whether it may create a lake there, takes for that of a lake that is being made.
    /// </summary>
    internal static FileStream OpenProbe(string folder) => new(
        Path.Combine(folder, $"{LakePaths.Description}.silo-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
}
