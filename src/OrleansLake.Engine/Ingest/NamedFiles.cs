using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Engine;

/// <summary>
/// The files that several sources lead to which are named together, such as a folder and a file in it: each is ingested once, by the
/// first of its names.
/// </summary>
public sealed class NamedFiles
{
    private readonly Dictionary<FileIdentity, string> _names = [];

    /// <summary>Returns whether another name led to the file before; false where the platform does not say.</summary>
    /// <param name="path">The path that leads to the file.</param>
    /// <param name="first">The path that led to it first.</param>
    internal bool IsKnown(string path, [NotNullWhen(true)] out string? first)
    {
        first = null;
        return FileIdentity.Of(path) is { IsStream: false } identity && !_names.TryAdd(identity, path) && (first = _names[identity]) is not null;
    }
}
