namespace OrleansLake.Storage.Stores;

/// <summary>
/// Paths as the system follows them. .NET drops a <c>..</c> with the name before it; to the system, <c>..</c> behind a link is
/// the folder above that which the link leads to.
/// </summary>
internal static class SystemPath
{
    // As Linux: links that lead to each other have no end.
    private const int LinksMax = 40;

    /// <summary>Returns the path in a form that .NET opens as the system does: the same one, unless <c>..</c> is behind a link.</summary>
    public static string Of(string path)
    {
        if (OperatingSystem.IsWindows() || !path.Contains("..", StringComparison.Ordinal))
        {
            return path;
        }

        string followed = RootOf(path);
        var left = new Stack<string>();
        Push(path);
        int links = 0;
        while (left.TryPop(out string? part))
        {
            if (part != ".." || followed.Length == 0 || Path.GetFileName(followed) == "..")
            {
                followed = Path.Combine(followed, part);
            }
            else if (links < LinksMax && new FileInfo(followed).LinkTarget is { } target)
            {
                links++;
                followed = target.StartsWith('/') ? "/" : Path.GetDirectoryName(followed) ?? "/";
                left.Push(part);
                Push(target);
            }
            else
            {
                followed = Path.GetDirectoryName(followed) ?? "/";
            }
        }

        return links == 0 ? path : followed.Length == 0 ? "." : followed;

        void Push(string names)
        {
            foreach (string name in names.Split('/').Where(static name => name is not ("" or ".")).Reverse())
            {
                left.Push(name);
            }
        }
    }

    /// <summary>Returns the path from the root.</summary>
    public static string Full(string path) => Path.GetFullPath(Of(path));

    /// <summary>Returns whether something is there, behind all links.</summary>
    public static bool IsThere(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return ReadAccess.IsThere(path);
        }

        try
        {
            return Path.Exists(path) && new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is null or { Exists: true };
        }
        catch (IOException)
        {
            // Links that lead to each other.
            return false;
        }
    }

    private static string RootOf(string path) => path.StartsWith('/') ? "/" : "";
}
