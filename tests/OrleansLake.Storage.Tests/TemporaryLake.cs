using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests;

/// <summary>A folder of its own for a test, gone afterwards.</summary>
public sealed class TemporaryLake : IDisposable
{
    public TemporaryLake(Durability durability = Durability.Full)
    {
        Root = Directory.CreateTempSubdirectory("lake-").FullName;
        Store = new LocalStore(Root, durability);
    }

    public string Root { get; }

    public LocalStore Store { get; }

    internal PartitionStore Open(PartitionStoreOptions? options = null) =>
        PartitionStore.Open(Store, default, options);

    public string FullPath(string path) => Store.FullPath(path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FullPath(path))!);
        File.WriteAllText(FullPath(path), text);
    }

    public string[] Segments() =>
        [.. Store.List(LakePaths.LogFolder(default), recursive: false).Select(file => file.Path).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
