using OrleansLake.Storage.Stores;

namespace OrleansLake.Silo;

/// <summary>Takes away what a silo that could not start would leave of a lake's folder that was not there: empty folders.</summary>
internal sealed class FreshFolder
{
    private readonly string? _folder;

    /// <summary>Notes whether the folder is there.</summary>
    internal FreshFolder(SiloSettings settings)
    {
        string? folder = settings.Lake.Store == LakeStoreKind.Folder ? SystemPath.Full(settings.Lake.Folder!) : null;
        _folder = Directory.Exists(folder) ? null : folder;
    }

    /// <summary>Deletes it if it was created meanwhile, and holds no file.</summary>
    internal void Clear()
    {
        try
        {
            if (Directory.Exists(_folder))
            {
                Clear(_folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody uses it, such as another silo that starts there.
        }
    }

    private static void Clear(string folder)
    {
        foreach (string inside in Directory.GetDirectories(folder))
        {
            Clear(inside);
        }

        // Refused by the system if there is anything in it.
        Directory.Delete(folder);
    }
}
