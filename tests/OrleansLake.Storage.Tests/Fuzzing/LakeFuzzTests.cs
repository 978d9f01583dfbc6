using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Storage.Tests.Fuzzing;

/// <summary>
/// Damaged logs, manifests, snapshots and registries: everything that reads them gives the documented errors and no other,
/// in time and in memory. <c>ORLEANSLAKE_FUZZ_INPUTS=1000000 dotnet test tests/OrleansLake.Storage.Tests --filter Fuzz</c>
/// runs as many of each as it says.
/// </summary>
public class LakeFuzzTests(ITestOutputHelper output)
{
    private const int InputsByDefault = 2000;

    // Forty times what there is to read.
    private const long AllocatedMax = 8L << 20;

    private static readonly IReadOnlyDictionary<string, byte[]> Good = Make();

    [Theory]
    [InlineData("manifest-")]
    [InlineData("files-")]
    [InlineData(".log")]
    [InlineData("snapshot-")]
    [InlineData("registry-")]
    public void Damage_is_told_in_the_documented_way(string kind)
    {
        string[] paths = [.. Good.Keys.Where(path => path.Contains(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(paths);
        Read(new BytesStore(Good, "", []));
        output.WriteLine(FuzzRun.Run(
            InputsByDefault,
            seed =>
            {
                var random = new Random(seed);

                // The newest of them is the one that is read.
                string path = random.Next(4) == 0 ? paths[random.Next(paths.Length)] : paths[^1];
                var store = new BytesStore(Good, path, LakeMutator.Mutate(path, Good[path], random));
                return () => Read(store);
            },
            _ => AllocatedMax));
    }

    private static void Read(BytesStore store)
    {
        Documented(() =>
        {
            if (PartitionReader.ReadLatest(store, default) is { } view)
            {
                Documented(() => PartitionReader.ReadUnpublished(store, view.Manifest));
                Documented(() => PartitionReader.ReadRegistry(store, view.Manifest));
                Documented(() => Assert.NotNull(PartitionReader.ReadSnapshot(store, view.Manifest).ToArray()));
                Documented(() => new LogScan(store, view.Manifest, isLive: false).Read(
                    view.Manifest.Applied, (in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition _) => LogFrames.Decode(header, payload.Span, path, position)));
            }
        });
        Documented(() => PartitionAudit.Run(store, default, _ => { }));
    }

    private static void Documented(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CorruptDataException or LakeRefusedException or FileNotFoundException)
        {
            // What is documented: damage, a newer version, a file that the manifest names and that is not there.
        }
    }

    // Two owners, several commits with base lists, snapshots and registries of bases and changes, and a log with every
    // kind of record behind them.
    private static Dictionary<string, byte[]> Make()
    {
        using var lake = new TemporaryLake(Durability.None);
        var options = new PartitionStoreOptions { SegmentBytes = 8192, BaseListChangesMin = 1 };
        for (int owner = 0; owner < 2; owner++)
        {
            using PartitionStore store = lake.Open(options);
            for (int commit = 0; commit < 3; commit++)
            {
                LogPosition applied = Append(store, (10 * owner) + commit);
                store.Commit(new CommitDraft
                {
                    Applied = applied,
                    Ledger = Drafts.LedgerOf(applied.Offset),
                    Files = [Drafts.Silver(store, 1000 * commit, (1000 * commit) + 999)],
                    Snapshot = Drafts.Snapshot(store, commit == 0, $"state {commit}"),
                });
            }

            Append(store, 100 + owner);
        }

        return lake.Store.List("bronze", recursive: true).Where(file => !file.Path.Contains("/lock", StringComparison.Ordinal))
            .ToDictionary(file => file.Path, file => lake.Store.ReadAll(file.Path), StringComparer.Ordinal);
    }

    private static LogPosition Append(PartitionStore store, int number)
    {
        MessageBatch rows = Batches.Numbered(10 * number, 6);
        store.Append(new FrameContent { Rows = rows, SourceProgress = new SourceProgress.FileProgress("events.ndjson", 4000, 1, 570, 4, number % 2 == 0, 7, 1) });
        store.Append(new FrameContent
        {
            Rows = Batches.Numbered(10 * number, 2),
            SourceProgress = new SourceProgress.ProducerBatch("producer", number),
            RejectedSource = "events.ndjson",
            Rejections = [new Rejection(RejectionReason.NotReadable, "it is not JSON", 4, 570, "oops"u8.ToArray()), new Rejection(RejectionReason.TooLong, "x", 5, -1, [])],
            WrittenAt = 1_734_350_465_123_000,
        });
        store.Append(new FrameContent { Rows = Batches.Numbered(10 * number, 1), SourceProgress = new SourceProgress.Replayed([new QuarantineId(1, 0), new QuarantineId(number, 1)]) });
        store.Append(new FrameContent { SourceProgress = new SourceProgress.Stream("stdin") });
        store.Flush();
        store.Append(new FrameContent { SourceProgress = new SourceProgress.ExternalAccepted($"bronze/messages/data/part-{number - 1}.parquet", 12345, 7) });
        store.Append(new FrameContent { SourceProgress = new SourceProgress.ExternalBronzeFile($"bronze/messages/data/part-{number}.parquet", 12345, 7, 10, 638_700_000_000_000_000, number % 3 == 0 ? "why" : null) });
        return store.Flush();
    }
}
