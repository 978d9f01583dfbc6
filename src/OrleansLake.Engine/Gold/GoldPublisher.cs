using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Gold;

/// <summary>
/// Puts the reports and the ledger into gold: one file each, replaced atomically. Gold is derived, so it follows its manifest, and a
/// crash between the two is repaired by writing it again.
/// </summary>
internal static class GoldPublisher
{
    /// <summary>Puts the reports and the ledger there, side by side.</summary>
    internal static void Publish(PartitionStore partition, IReadOnlyList<ReportTable> tables, ParallelWork work)
    {
        Publish(partition.Store, partition.Epoch, [partition.Current], tables, partition.Ledger, partition.PublishedSettledCount, work);
    }

    /// <summary>Puts there what the commits of all partitions of a lake add up to.</summary>
    internal static void Publish(
        ILakeStore store, Epoch owner, IReadOnlyList<Manifest> manifests, IReadOnlyList<ReportTable> tables, Ledger counts, long mended, ParallelWork work)
    {
        var ledger = new LedgerTable(counts, mended, GoldFiles.NumberOf(manifests), manifests.Sum(m => m.Applied.Offset));
        work.For(tables.Count + 1, i =>
        {
            if (i < tables.Count)
            {
                Publish(store, owner, tables[i].Definition.Name, manifests, file => GoldFiles.Write(file, tables[i], manifests));
            }
            else
            {
                Publish(store, owner, LakePaths.Ledger, manifests, file => LedgerFiles.Write(file, ledger, manifests));
            }
        });
    }

    /// <summary>Puts there what the commits of all partitions of a lake add up to, unless it is there already.</summary>
    /// <param name="store">The lake's location.</param>
    /// <param name="owner">The owner of partition 0, who writes gold.</param>
    /// <param name="reports">The reports.</param>
    /// <param name="committed">What every partition has committed, by partition.</param>
    /// <param name="keep">Keeps the names of new columns in a manifest of partition 0, and gives the newest.</param>
    /// <param name="work">The share of the machine that it takes.</param>
    internal static void PublishSum(
        ILakeStore store, Epoch owner, ReportCatalog reports, IReadOnlyList<CommittedReports> committed, Func<IReadOnlyList<ReportTable>, Manifest> keep, ParallelWork work)
    {
        Manifest[] manifests = [.. committed.Select(c => c.Manifest)];
        if (IsUpToDate(store, reports, manifests))
        {
            return;
        }

        ReportTable[] tables = [.. reports.Select((report, i) => ReportPart.Sum(report, [.. committed.Select(c => c.Parts[i])]))];
        manifests[0] = keep(tables);
        Publish(store, owner, manifests, tables, Ledger.Sum(committed.Select(c => c.Ledger)), committed.Sum(c => c.Replayed), work);
    }

    /// <summary>Returns whether all of gold is there and shows the state that manifests name, one for each partition. It looks at
    /// every file.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote one of them.</exception>
    internal static bool IsUpToDate(ILakeStore store, ReportCatalog reports, params IReadOnlyList<Manifest> manifests) =>
        GoldFiles.Names(reports).Count(name => Read(store, name, reader => GoldFiles.IsOf(reader, manifests), false)) == reports.Count + 1;

    private static void Publish(ILakeStore store, Epoch owner, string name, IReadOnlyList<Manifest> manifests, Action<Stream> write)
    {
        string path = LakePaths.GoldFile(name);
        using IFileWriter file = store.CreateTemporary(LakePaths.GoldTemporary(name, owner));
        write(file.Content);
        CompletedFile completed = file.Complete();
        if (Read(store, name, reader => GoldFiles.Number(reader, GoldFiles.ManifestKey), -1) > GoldFiles.NumberOf(manifests))
        {
            // A later owner was here: its report stays.
            store.Delete(completed.Path);
            return;
        }

        store.Replace(new FileMove(completed.Path, path));
    }

    // Gold that is missing or cannot be read is as good as old.
    private static T Read<T>(ILakeStore store, string name, Func<ParquetReader, T> read, T otherwise)
    {
        string path = LakePaths.GoldFile(name);
        if (store.Find(path) is null)
        {
            return otherwise;
        }

        try
        {
            using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
            return read(reader);
        }
        catch (Exception e) when (e is ParquetException or FileNotFoundException)
        {
            return otherwise;
        }
    }
}
