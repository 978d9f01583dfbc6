using System.Text;
using OrleansLake.Core.State;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests;

/// <summary>Commits for tests.</summary>
internal static class Drafts
{
    /// <summary>A commit without files.</summary>
    public static CommitDraft Rows(LogPosition applied, long bronze) => new()
    {
        Applied = applied,
        Ledger = LedgerOf(bronze),
    };

    public static Ledger LedgerOf(long bronze) => new(
        new LedgerCounts(bronze, bronze, 0, 0, bronze),
        new Dictionary<int, LedgerCounts> { [20_073] = new(bronze, bronze, 0, 0, bronze) });

    /// <summary>Writes a silver file of this owner's under its temporary name.</summary>
    public static NewDataFile Silver(PartitionStore store, long first, long last, string date = "2024-12-16", string content = "rows")
    {
        string path = store.DataFilePath(DataKind.Messages, date, first, last);
        CompletedFile file = Write(store.Store, LakePaths.Temporary(path), content);
        return new NewDataFile(
            file.Path, new DataFile(path, DataKind.Messages, last - first + 1, first, last, file.Length, file.Crc32C));
    }

    public static CompletedFile Write(ILakeStore store, string temporary, string content)
    {
        using IFileWriter writer = store.CreateTemporary(temporary);
        writer.Content.Write(Encoding.UTF8.GetBytes(content));
        return writer.Complete();
    }

    /// <summary>Writes a snapshot of one section.</summary>
    public static SnapshotDraft Snapshot(PartitionStore store, bool isBase, string content)
    {
        using SnapshotWriter writer = store.CreateSnapshot(isBase);
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
        return writer.Complete();
    }
}
