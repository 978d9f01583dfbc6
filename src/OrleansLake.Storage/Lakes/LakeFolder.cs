using OrleansLake.Storage.External;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Lakes;

/// <summary>The kind of a folder.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="HasExternalOutput">
/// Whether an adoptable folder has Parquet under silver or gold, which <c>run</c> must not mix with its own.
/// </param>
/// <param name="Unexpected">The first file that makes it <see cref="LakeFolderKind.Other"/>; null otherwise.</param>
internal sealed record LakeFolder(LakeFolderKind Kind, bool HasExternalOutput, string? Unexpected)
{
    /// <summary>Inspects a folder; writes nothing.</summary>
    /// <exception cref="OrleansLake.Core.CorruptDataException">
    /// There are data files of ours, but no <see cref="LakePaths.Description"/>: it was lost.
    /// </exception>
    public static LakeFolder Inspect(ILakeStore store)
    {
        if (store.Find(LakePaths.Description) is not null)
        {
            return new LakeFolder(LakeFolderKind.Lake, false, null);
        }

        IReadOnlyList<FileEntry> files = List(store);
        if (store.Find(LakePaths.Description) is not null)
        {
            // Another process made it between the two looks.
            return new LakeFolder(LakeFolderKind.Lake, false, null);
        }

        bool any = false, bronze = false, output = false;
        string? unexpected = null, gold = null;
        foreach (FileEntry file in files)
        {
            any = true;
            if (IsManifest(file.Path))
            {
                throw Lost(store, file.Path, Damage.RestoreFile);
            }

            bool isParquet = file.Path.EndsWith(DataFileName.Extension, StringComparison.Ordinal);
            if (IsBelow(file.Path, LakePaths.BronzeData))
            {
                ThrowIfOurs(store, file.Path);
                bronze |= isParquet;
            }
            else if (IsBelow(file.Path, LakePaths.Silver) || IsBelow(file.Path, LakePaths.Gold))
            {
                ThrowIfOurs(store, file.Path);
                gold ??= IsGold(file.Path) ? file.Path : null;
                output |= isParquet;
                unexpected ??= file.Path;
            }
            else if (!IsOurs(file.Path) && !IsBelow(file.Path, "bronze/messages"))
            {
                unexpected ??= file.Path;
            }
        }

        // Beside external bronze files, gold may be what was made of it, and can be rebuilt.
        if (!bronze && gold is not null)
        {
            throw Lost(store, gold, Damage.RestoreLake);
        }

        LakeFolderKind kind = !any ? LakeFolderKind.Empty
            : bronze ? LakeFolderKind.Adoptable
            : unexpected is null ? LakeFolderKind.Unfinished : LakeFolderKind.Other;
        return new LakeFolder(kind, output, kind == LakeFolderKind.Other ? unexpected : null);
    }

    /// <summary>Searches a folder without <see cref="LakePaths.Description"/> for what only a lake has.</summary>
    /// <exception cref="OrleansLake.Core.CorruptDataException">There is something: the description was lost.</exception>
    public static void ThrowIfLost(ILakeStore store)
    {
        string? left = new[] { LakePaths.BronzeData, LakePaths.Silver }
            .SelectMany(folder => store.ListWanted(folder, static path => DataFileName.TryParse(path, out _, out bool isTemporary) && !isTemporary))
            .Concat(store.ListWanted(LakePaths.Checkpoint, IsManifest))
            .Select(static file => file.Path).FirstOrDefault();
        string? gold = left is null && !store.ListWanted(LakePaths.BronzeData, ExternalFileRegistry.IsExternal).Any() ? GoldFiles(store).FirstOrDefault() : null;

        // Or another process has made it meanwhile.
        if ((left ?? gold) is { } found && store.Find(LakePaths.Description) is null)
        {
            throw Lost(store, found, left is null ? Damage.RestoreLake : Damage.RestoreFile);
        }
    }

    /// <summary>Returns the files of gold that have the names that a lake gives them.</summary>
    internal static IEnumerable<string> GoldFiles(ILakeStore store) =>
        store.ListWanted(LakePaths.Gold, IsGold).Select(static file => file.Path).Order(StringComparer.Ordinal);

    // A partition's first one is made when it is opened, for which the lake has to be there: what is accepted after it may be in the log only.
    private static bool IsManifest(string path) => IsBelow(path, LakePaths.Checkpoint) && LakePaths.TryParseNumber(path, "manifest-", ".json", out _);

    private static bool IsGold(string path) =>
        path.Split('/') is [LakePaths.Gold, var report, "data", _] && path == LakePaths.GoldFile(report);

    private static OrleansLake.Core.CorruptDataException Lost(ILakeStore store, string left, string remedy) => new(LakeDescription.PathIn(store), -1, $"it is missing, but {left} is there", remedy);

    // Of what other programs put into bronze not all needs to be readable; elsewhere nobody knows what the folder is then.
    private static IReadOnlyList<FileEntry> List(ILakeStore store)
    {
        try
        {
            return store.List("", recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            FolderSurvey all = store.Survey("", static _ => true);
            if (all.LeftOut.Any(static one => one.IsFolder && !IsBelow(one.Path, LakePaths.BronzeData)))
            {
                throw;
            }

            return [.. all.Files, .. all.LeftOut.Select(static one => one.File).OfType<FileEntry>()];
        }
    }

    /// <summary>Throws if a path is a file of ours: the description is linked before the first data file is.</summary>
    private static void ThrowIfOurs(ILakeStore store, string path)
    {
        if (DataFileName.TryParse(path, out _, out bool isTemporary) && !isTemporary)
        {
            throw Lost(store, path, Damage.RestoreFile);
        }
    }

    private static bool IsOurs(string path) =>
        path is LakePaths.Countries || path.StartsWith(LakePaths.Countries + ".", StringComparison.Ordinal)
        || path.StartsWith(LakePaths.Description + ".", StringComparison.Ordinal)
        || path.StartsWith(LakePaths.Mapping("default"), StringComparison.Ordinal)
        || IsBelow(path, LakePaths.Checkpoint);

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal);
}
