using System.Text;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// The name that an ingested file is known by, with its size and checksum: its name, or its path below the folder that
/// was named, behind the columns in the rest of its path (<c>channel=SMS/part.parquet</c>).
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="NameBefore">The name that versions before knew it by, without the columns above the file or folder that was named.</param>
/// <param name="Shown">Its name in messages: its path as it was named.</param>
internal readonly record struct SourceName(string Name, string NameBefore, string Shown)
{
    /// <summary>
    /// Gets what progress of a Parquet file holds where that of a text has the checksum of its start: which columns the
    /// name has. Versions before wrote the checksum of the whole file.
    /// </summary>
    internal uint Mark => Crc32C.Of(Encoding.UTF8.GetBytes(Name[..(Name.LastIndexOf('/') + 1)]));

    /// <summary>Returns the name of a file that was named itself.</summary>
    internal static SourceName Of(string path)
    {
        string name = Path.GetFileName(path);
        return new SourceName(HivePath.PrefixOf(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "") + name, name, path);
    }

    /// <summary>Returns the name of a file of a folder that was named.</summary>
    internal static SourceName Of(string folder, string relativePath) =>
        new(HivePath.PrefixOf(folder) + relativePath, relativePath, Path.Combine(folder, relativePath));

    /// <summary>Returns whether another name is one that versions before knew by the same name as this.</summary>
    internal bool IsNamesake(string other) => other.EndsWith("/" + NameBefore, StringComparison.Ordinal);
}
