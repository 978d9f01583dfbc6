using OrleansLake.Core;

namespace OrleansLake.Storage.Stores;

/// <summary>Describes damage, with what can be done about it.</summary>
internal static class Damage
{
    public const string RestoreFile = "Restore the file from a backup.";

    public const string RestoreLake = "Restore the lake from a backup; nothing was changed.";

    public static CorruptDataException At(string file, long offset, string what, string remedy) =>
        new(file, offset, what, remedy);

    /// <summary>Returns the damage of a folder that is not there any more: named is what is missing of its path, as high up as it is.</summary>
    public static CorruptDataException GoneFolder(ILakeStore store, string folder)
    {
        string gone = folder;
        if (store is LocalStore local)
        {
            string[] steps = folder.Split('/');
            gone = Enumerable.Range(1, steps.Length).Select(count => string.Join('/', steps[..count])).FirstOrDefault(path => !Directory.Exists(local.FullPath(path))) ?? folder;
        }

        string remedy = gone.StartsWith(LakePaths.Silver, StringComparison.Ordinal) ? "Put it back as it was, or make it again from bronze with `lake replay`." : "Put it back as it was, or restore the lake from a backup.";
        return new CorruptDataException($"{store.Location.TrimEnd('/')}/{gone}", -1, store is LocalStore there && Directory.Exists(there.FullPath(gone)) ? "files of it are gone" : "the folder is gone", remedy);
    }
}
