using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Settings;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Server.Security;

/// <summary>
/// Reads a server's file of keys again when it changes. What cannot be read, or holds no key, changes nothing: who is let in
/// stays as it was, and a line says so. A change is read once it has lasted for one check: an editor may be in the middle of it.
/// </summary>
internal sealed class KeyFileWatch(
    ServeSettings settings, IConfiguration configuration, ApiKeyAuthenticator authenticator, TimeProvider clock, ILogger<KeyFileWatch> logger) : BackgroundService
{
    // By what is in it: a mounted secret is a link to a link, whose own time does not change.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly string _path = SystemPath.Of(settings.KeysFile!);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // As the settings have them, beside the file.
        var configured = new LakeServerOptions();
        LakeServerSettings.Bind(configuration, configured, settings.OwnsLake, hasClients: false, settings);

        string? read = null;
        string? seen = null;
        using var timer = new PeriodicTimer(PollInterval, clock);
        while (await WaitAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            string? before = seen;
            seen = Look();
            if (seen == before && seen != read)
            {
                read = seen;
                ReadAgain(configured.Keys);
            }
        }
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private string Look()
    {
        try
        {
            return File.ReadAllText(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"# {e.Message}";
        }
    }

    private void ReadAgain(IList<LakeApiKey> configured)
    {
        LakeApiKey[] keys;
        try
        {
            keys = [.. configured, .. KeyFile.Read(_path)];
            if (keys.GroupBy(key => key.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            {
                throw new ServeSettingsException($"a key named {twice.Key} is in {_path} and among the settings (OrleansLake:Keys)");
            }
        }
        catch (ServeSettingsException e)
        {
            logger.KeysNotRead(settings.KeysSetting, (e.Problems.Count > 1 ? $"{e.Problems[0]} {e.Problems.Count - 1} more like it; `lake validate` names them" : e.Message).TrimEnd('.'));
            return;
        }

        IReadOnlyList<LakeApiKey> known = authenticator.Keys;
        if (!known.ToHashSet().SetEquals(keys))
        {
            authenticator.Keys = keys;
            HashSet<string> before = NamesOf(known);
            HashSet<string> after = NamesOf(keys);
            logger.KeysRead(
                settings.KeysSetting, Named(keys.Where(key => !before.Contains(key.Name))), Named(keys.Except(known).Where(key => before.Contains(key.Name))),
                Named(known.Where(key => !after.Contains(key.Name))));
        }
    }

    private static HashSet<string> NamesOf(IEnumerable<LakeApiKey> keys) => keys.Select(key => key.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static string Named(IEnumerable<LakeApiKey> keys) => string.Join(", ", keys.Select(key => key.Name)) is { Length: > 0 } names ? names : "none";
}
