using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Testing;

namespace OrleansLake.Storage.Tests.Golden;

/// <summary>
/// The bytes of each format. Made anew by <c>ORLEANSLAKE_WRITE_GOLDEN=1 dotnet test tests/OrleansLake.Storage.Tests</c>,
/// which is right only together with a new version of the format, while files of the old version are still read.
/// </summary>
public class GoldenBytesTests
{
    private static readonly string Folder =
        Path.Combine(Fixtures.Root, "tests", "OrleansLake.Storage.Tests", "Golden");

    [Fact]
    public void Log_segment_and_frames_have_these_bytes()
    {
        using var lake = new TemporaryLake();
        using (PartitionStore store = lake.Open(new PartitionStoreOptions { SegmentBytes = 8192 }))
        {
            AppendGolden(store);
        }

        byte[] segment = File.ReadAllBytes(lake.FullPath(Assert.Single(lake.Segments())));
        Check("segment-v1.hex", Hex(segment));
    }

    [Fact]
    public void Segment_of_version_1_is_read()
    {
        using var lake = new TemporaryLake();
        using (lake.Open(new PartitionStoreOptions { SegmentBytes = 8192 }))
        {
        }

        File.WriteAllBytes(
            lake.FullPath(Assert.Single(lake.Segments())), FromHex(File.ReadAllText(Path.Combine(Folder, "segment-v1.hex"))));
        using PartitionStore store = lake.Open(new PartitionStoreOptions { SegmentBytes = 8192 });
        LogFrame[] frames = [.. store.ReadUnapplied()];
        Assert.Equal(3, frames.Length);
        Assert.Equal(Rows, Batches.RowsOf(frames[0].Rows!));
        Assert.Equal("it is not JSON", Assert.Single(frames[1].Rejections).Detail);
        Assert.Equal(new Consumed.ForeignFile("bronze/messages/data/part-0.parquet", 12345, 7, 1000, 638_700_000_000_000_000), frames[2].Consumed);
        Assert.Equal(new LogPosition(3, 1003), store.End);
    }

    [Fact]
    public void Manifest_and_state_files_have_these_bytes()
    {
        using var lake = new TemporaryLake();
        var options = new PartitionStoreOptions { SegmentBytes = 8192, BaseListChangesMin = 1 };
        using PartitionStore store = lake.Open(options);
        LogPosition applied = AppendGolden(store);
        var ledger = new Ledger(new LedgerEntry(1003, 1002, 1, 1, 900), new Dictionary<int, LedgerEntry>
        {
            [20_073] = new(1002, 1001, 1, 0, 899),
            [Ledger.NoDay] = new(1, 1, 0, 0, 1),
        });
        store.Commit(new CommitDraft
        {
            Applied = applied,
            Ledger = ledger,
            Files = [Drafts.Silver(store, 0, 999), Drafts.Silver(store, 1000, 1002)],
            Snapshot = Drafts.Snapshot(store, true, "state"),
        });
        Manifest manifest = store.Commit(new CommitDraft
        {
            Applied = applied,
            Ledger = ledger with { Total = ledger.Total with { Rejected = 2 } },
            LinkedFiles = [Drafts.Silver(store, 2000, 2001)],
            Removed = [store.DataFilePath(DataKind.Messages, "2024-12-16", 0, 999)],
            Snapshot = Drafts.Snapshot(store, false, "changes"),
        }).Manifest;
        Check("manifest-v1.json", Encoding.UTF8.GetString(lake.Store.ReadAll(LakePaths.Manifest(default, manifest.Number))));
        Check("files-v1.json", Encoding.UTF8.GetString(lake.Store.ReadAll(manifest.BaseList!.Path)));
        Check("snapshot-v1.hex", Hex(lake.Store.ReadAll(manifest.Snapshot.Base!.Path)));
        Check("registry-v1.hex", Hex(lake.Store.ReadAll(manifest.Registry.Base!.Path)));
    }

    [Fact]
    public void Manifest_of_version_1_is_read()
    {
        Manifest manifest = ManifestFiles.Deserialize(
            "manifest", File.ReadAllBytes(Path.Combine(Folder, "manifest-v1.json")), default, 3);
        Assert.Equal(new LogPosition(3, 1003), manifest.Applied);
        Assert.Equal(new LedgerEntry(1003, 1002, 1, 2, 900), manifest.Total);
        Assert.Single(manifest.PendingLinks);
        Assert.Single(manifest.PendingRemovals);
        Assert.NotNull(manifest.BaseList);
    }

    [Fact]
    public void A_manifest_whose_checksum_is_written_otherwise_is_damaged()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "manifest-v1.json"));
        string capital = text[..^9] + text[^9..].ToUpperInvariant();
        Assert.NotEqual(text, capital);
        Assert.Throws<OrleansLake.Core.CorruptDataException>(() => ManifestFiles.Deserialize("manifest", Encoding.ASCII.GetBytes(capital), default, 3));
    }

    [Fact]
    public void Lake_description_has_these_bytes()
    {
        using var lake = new TemporaryLake();
        new LakeDescription(1, "Europe/Amsterdam", 1).Create(lake.Store);
        Check("lake-v1.json", File.ReadAllText(lake.FullPath(LakePaths.Description)));
    }

    [Fact]
    public void Lake_description_of_a_later_generation_has_these_bytes()
    {
        using var lake = new TemporaryLake();
        LakeDescription description =
            (new LakeDescription(1, "Europe/Amsterdam", 4) { CountriesCrc32C = uint.MaxValue }).NextGeneration(8);
        description.Create(lake.Store);
        Check("lake-v2.json", File.ReadAllText(lake.FullPath(LakePaths.Description)));
        Assert.Equal(description, LakeDescription.Read(lake.Store));
    }

    [Fact]
    public void Manifest_of_all_fields_has_these_bytes()
    {
        var state = new StateFile("state/<ü> & \"+\" \\ 😀'`", 3, long.MaxValue, uint.MaxValue);
        byte[] bytes = ManifestFiles.Serialize(new Manifest
        {
            Partition = new PartitionId(int.MaxValue),
            Number = long.MaxValue,
            Epoch = new Epoch(3),
            Generation = 2,
            Applied = new LogPosition(5, 6),
            Durable = new LogPosition(7, long.MinValue),
            Segments =
            [
                new LogSegment(new Epoch(2), 4, new LogPosition(1, 2), new LogPosition(3, 4)),
                new LogSegment(new Epoch(3), 5, new LogPosition(3, 4), null),
            ],
            BaseList = state with { Path = "files" },
            Added = [.. Enum.GetValues<DataKind>().Select(static kind => new DataFile($"data/{kind}", kind, 1, 2, 3, 4, 5))],
            Removed = ["removed/ü", ""],
            Total = new LedgerEntry(10, 7, 3, 2, 1),
            Days = AllDays,
            Snapshot = new StateRoot(state, [state, state with { Level = int.MinValue }]),
            Registry = new StateRoot(null, [state]),
            PendingLinks = [new FileMove("a.tmp", "a"), new FileMove("b.tmp", "b")],
            PendingRemovals = ["gone"],
        });
        Check("manifest-all-v1.json", Encoding.UTF8.GetString(bytes));
        Manifest read = ManifestFiles.Deserialize("manifest", bytes, new PartitionId(int.MaxValue), long.MaxValue);
        Assert.Equal(bytes, ManifestFiles.Serialize(read));
    }

    [Fact]
    public void Manifest_of_a_new_lake_has_these_bytes()
    {
        byte[] bytes = ManifestFiles.Serialize(new Manifest
        {
            Partition = default,
            Number = 1,
            Epoch = new Epoch(1),
            Generation = 1,
            Applied = default,
            Durable = default,
            Segments = [],
        });
        Check("manifest-new-v1.json", Encoding.UTF8.GetString(bytes));
        Assert.Equal(bytes, ManifestFiles.Serialize(ManifestFiles.Deserialize("manifest", bytes, default, 1)));
    }

    [Fact]
    public void Base_list_of_all_fields_has_these_bytes()
    {
        DataFile[] files = [.. Enum.GetValues<DataKind>().Select(static kind => new DataFile($"ü/{kind}", kind, long.MaxValue, -1, 3, 4, uint.MaxValue))];
        Check("files-all-v1.json", Encoding.UTF8.GetString(ManifestFiles.Serialize(new BaseList(1, files, AllDays))));
        Check("files-empty-v1.json", Encoding.UTF8.GetString(ManifestFiles.Serialize(BaseList.Empty)));
    }

    [Fact]
    public void Hostile_manifests_give_the_documented_errors_and_no_other()
    {
        byte[] golden = File.ReadAllBytes(Path.Combine(Folder, "manifest-v1.json"))[..^16];
        var random = new Random(7);
        for (int i = 0; i < 3000; i++)
        {
            byte[] mutant = (byte[])golden.Clone();
            for (int j = random.Next(5); j >= 0; j--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(32, 127);
            }

            string seal = string.Create(CultureInfo.InvariantCulture, $"crc32c {Crc32C.Of(mutant):x8}\n");
            try
            {
                ManifestFiles.Deserialize("manifest", [.. mutant, .. Encoding.ASCII.GetBytes(seal)], default, 3);
            }
            catch (Exception e) when (e is OrleansLake.Core.CorruptDataException or LakeRefusedException)
            {
                // Documented.
            }
        }
    }

    private static Batches.Row[] Rows { get; } =
    [
        new(1_734_350_465_123_000, "1", "CREATED", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "CHAT", 2000, 1000),
        new(1_734_350_465_123_001, null, null, "no uuid", "ünï", null, null),
        new(-1, "", "NONE", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", null, int.MinValue, int.MaxValue),
    ];

    private static LedgerDay[] AllDays { get; } =
    [
        new(null, new LedgerEntry(1, 1, 0, 0, 1)),
        new("2024-12-16", new LedgerEntry(long.MaxValue, 2, 3, 4, long.MinValue)),
    ];

    private static LogPosition AppendGolden(PartitionStore store)
    {
        store.Append(new FrameContent
        {
            Rows = Batches.Of(Rows),
            Consumed = new Consumed.FileProgress("events.ndjson", 4000, 0xdeadbeef, 570, 4, false, null, 1),
        });
        store.Flush();
        store.Append(new FrameContent
        {
            Consumed = new Consumed.ProducerBatch("producer-1", 42),
            RejectedSource = "events.ndjson",
            Rejections = [new Rejection(RejectionReason.NotReadable, "it is not JSON", 4, 570, "oops"u8.ToArray())],
        });
        LogPosition end = store.Append(new FrameContent
        {
            Consumed = new Consumed.ForeignFile("bronze/messages/data/part-0.parquet", 12345, 7, 1000, 638_700_000_000_000_000),
        }).End;
        store.Flush();
        return end;
    }

    private static void Check(string name, string actual)
    {
        string path = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("ORLEANSLAKE_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Hex(byte[] bytes) => string.Concat(
        bytes.Chunk(32).Select(line => Convert.ToHexStringLower(line) + "\n"));

    private static byte[] FromHex(string text) => Convert.FromHexString(text.ReplaceLineEndings(""));
}
