namespace OrleansLake.Storage.Stores;

/// <summary>A file that one process at a time holds; the system releases it however the process ends.</summary>
internal static class LocalLock
{
    /// <summary>Takes it, with its owner's name in a file beside it; null if somebody has it.</summary>
    public static IDisposable? TryTake(string fullPath, string owner)
    {
        FileStream file;
        try
        {
            // FileShare.None is flock(LOCK_EX) on Unix.
            file = new FileStream(fullPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException)
            && IsSharingViolation(e))
        {
            return null;
        }

        try
        {
            // In a file beside it: .NET takes a shared lock to read, which the exclusive one refuses.
            // Made new, so that a link of that name is replaced and not written through.
            File.Delete(LakePaths.OwnerOf(fullPath));
            using var named = new StreamWriter(new FileStream(LakePaths.OwnerOf(fullPath), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
            named.Write(owner);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return file;
    }

    /// <summary>Returns whether somebody has it.</summary>
    public static bool IsTaken(string fullPath)
    {
        try
        {
            // To read and shared is flock(LOCK_SH) on Unix: refused while it is locked, and given back at once.
            using var file = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return true;
        }
    }

    /// <summary>Returns the name that its last owner left; null if there is none that can be read.</summary>
    public static string? ReadOwner(string fullPath)
    {
        try
        {
            return File.ReadAllText(LakePaths.OwnerOf(fullPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsSharingViolation(IOException e)
    {
        const int windowsSharingViolation = unchecked((int)0x80070020);
        const int linuxWouldBlock = 11;
        const int darwinWouldBlock = 35;
        return e.HResult is windowsSharingViolation or linuxWouldBlock or darwinWouldBlock;
    }
}
