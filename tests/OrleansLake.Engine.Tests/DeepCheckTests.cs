using System.Text;
using System.Text.Json.Nodes;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Engine.Tests;

/// <summary>The deep check believes nothing: whatever is harmed in a lake, it finds it and names the file.</summary>
public sealed class DeepCheckTests : IDisposable
{
    private const int FlipsPerFile = 12;

    private readonly LakeUnderTest _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_healthy_lake_has_no_findings_at_any_time()
    {
        AssertRight(_lake);
        await FillAsync();
        AssertRight(_lake);
        await using (Lake open = await _lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(SentStreams.Many(50, 9)));
            AssertRight(_lake);
            QuarantineId id = _lake.Reader().Quarantine().First().Id;
            await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = new Dictionary<QuarantineId, byte[]> { [id] = Encoding.UTF8.GetBytes(SentStreams.Of(77).Line) } });
            AssertRight(_lake);
            await open.CommitAsync();
            AssertRight(_lake);
            await open.ReplayAsync();
            AssertRight(_lake);
        }

        AssertRight(_lake);
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.StartEmptyAsync();
            AssertRight(_lake);
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(SentStreams.Many(50, 9)));
            await open.CommitAsync();
            AssertRight(_lake);
        }
    }

    [Fact]
    public async Task It_runs_beside_a_writer()
    {
        await using Lake open = await _lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(SentStreams.Many(100, 3)));
        await open.CommitAsync();
        using var stop = new CancellationTokenSource();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(SentStreams.Many(200, i)));
                await open.CommitAsync();
            }
        });
        for (int i = 0; i < 5; i++)
        {
            LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
        }

        await stop.CancelAsync();
        await writing;
    }

    [Theory]
    [InlineData("bronze/messages/data")]
    [InlineData("bronze/messages/checkpoint/lake/p00000/manifests")]
    [InlineData("bronze/messages/checkpoint/lake/p00000/state")]
    [InlineData("silver")]
    [InlineData("gold")]
    [InlineData("quarantine")]
    public async Task A_flipped_bit_is_found_wherever_it_is_and_so_is_a_file_that_is_gone(string folder)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await FillAsync();
        string[] files = [.. Directory.GetFiles(_lake[folder], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            byte[] good = await File.ReadAllBytesAsync(file);
            for (int i = 0; i < FlipsPerFile; i++)
            {
                byte[] bad = [.. good];
                int at = random.Next(bad.Length);
                bad[at] ^= (byte)(1 << random.Next(8));
                await File.WriteAllBytesAsync(file, bad);
                AssertNames(file, $"seed {seed}, byte {at} of {good.Length}");
            }

            File.Delete(file);
            if (!file.Contains("manifest-", StringComparison.Ordinal))
            {
                AssertNames(file, $"seed {seed}, gone");
            }

            await File.WriteAllBytesAsync(file, good);
        }

        AssertRight(_lake);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_log_is_found_while_a_writer_has_it_open_and_afterwards()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await using (Lake open = await _lake.OpenAsync())
        {
            for (int i = 0; i < 8; i++)
            {
                await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(SentStreams.Many(20, i)));
            }

            Flip("of an open lake");
        }

        Flip("of a closed lake");

        void Flip(string when)
        {
            string segment = Directory.GetFiles(_lake["bronze/messages/log"], "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
            using FileStream file = new(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            byte[] bytes = new byte[4096];
            file.ReadExactly(bytes);
            for (int i = 0; i < 20; i++)
            {
                // The first frames: later ones vouch for them. The last 4 bytes of padding belong to nothing.
                int at = random.Next(64, 1500);
                byte good = bytes[at];
                Write(at, (byte)(good ^ (1 << random.Next(8))));
                CheckResult result = Reader(_lake).CheckDeep(1);
                Write(at, good);
                Assert.True(!result.Passed || good == 0, $"seed {seed}: byte {at} {when}");
                Assert.True(result.Passed || result.IsDamaged);
                Assert.True(result.Passed || result.Findings.Any(finding => finding.Found.Contains(Path.GetFileName(segment), StringComparison.Ordinal)));
            }

            AssertRight(_lake);

            void Write(int at, byte value)
            {
                file.Position = at;
                file.WriteByte(value);
                file.Flush();
            }
        }
    }

    [Theory]
    [InlineData("silver/messages/data/date=2024-12-16/part-of-somebody.parquet")]
    [InlineData("silver/messages/data/date=2024-12-16/part-p00000-e0000000001-00000000000000000000-00000000000000000001.parquet")]
    [InlineData("gold/report1/data/other.parquet")]
    [InlineData("gold/report3/data/report3.parquet")]
    [InlineData("bronze/messages/data/part-p00000-e0000000001-00000000000000000000-00000000000000000001.parquet")]
    [InlineData("quarantine/part-p00000-e0000000001-00000000000000000000-00000000000000000001.parquet")]
    public async Task A_file_that_no_manifest_names_is_found(string added)
    {
        await FillAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(_lake[added])!);
        File.Copy(Directory.GetFiles(_lake["silver/messages/data"], "*.parquet", SearchOption.AllDirectories)[0], _lake[added]);
        CheckFinding finding = Assert.Single(Wrong());
        Assert.Contains(added, finding.Found, StringComparison.Ordinal);
        Assert.Contains("remove it", finding.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "remove it, and `lake run` writes it again")]
    [InlineData(true, "`lake replay` rebuilds it")]
    public async Task Gold_that_is_wrong_is_not_to_be_made_again_of_a_lake_that_is_damaged(bool isDamaged, string remedy)
    {
        await FillAsync();
        string gold = Directory.GetFiles(_lake["gold/report1/data"], "*.parquet")[0];
        byte[] bytes = await File.ReadAllBytesAsync(gold);
        bytes[10] ^= 1;
        await File.WriteAllBytesAsync(gold, bytes);
        if (isDamaged)
        {
            string silver = Directory.GetFiles(_lake["silver/messages/data"], "*.parquet", SearchOption.AllDirectories)[0];
            await File.WriteAllBytesAsync(silver, (await File.ReadAllBytesAsync(silver))[..^9]);
        }

        Assert.EndsWith(remedy, Assert.Single(Wrong(), finding => finding.Name == "report1").Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_under_another_date_is_found_though_every_checksum_holds()
    {
        await FillAsync(256);
        DataFile[] files = [.. _lake.Reader().Files.Where(file => file.Kind == DataKind.Messages).OrderBy(file => file.Path, StringComparer.Ordinal)];
        DataFile from = files[0];
        string path = LakePaths.DataFile(DataKind.Messages, "1999-01-01", NameOf(from));
        Directory.CreateDirectory(Path.GetDirectoryName(_lake[path])!);
        File.Move(_lake[from.Path], _lake[path]);
        Forge(from.Path, node => node["path"] = path);
        CheckFinding finding = Assert.Single(Wrong(), one => one.Name == "silver");
        Assert.Contains($"{path}, row 0, offset {from.FirstOffset}", finding.Found, StringComparison.Ordinal);
        Assert.Contains("1999-01-01", finding.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_of_silver_that_was_edited_or_doubled_is_found_though_every_checksum_holds(bool isEdited)
    {
        await FillAsync(256);
        DataFile file = _lake.Reader().Files.First(one => one.Kind == DataKind.Messages && one.Rows > 2);
        (byte[] bytes, long offset) = Forged(file, isEdited);
        await File.WriteAllBytesAsync(_lake[file.Path], bytes);
        Forge(file.Path, node =>
        {
            node["length"] = bytes.Length;
            node["crc32C"] = Crc32C.Append(0, bytes);
        });
        Assert.Contains(Wrong(), one => one.Found.Contains($"{file.Path}, row 1, offset {offset}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gold_with_other_rows_is_found_with_the_first_of_them()
    {
        await FillAsync();
        using (var other = new LakeUnderTest())
        {
            await FillAsync(other, 7, 1);
            File.Copy(other["gold/report1/data/report1.parquet"], _lake["gold/report1/data/report1.parquet"], overwrite: true);
        }

        Assert.Contains(Wrong(), one => one.Name == "report1");
        Assert.False(Reader(_lake).CheckDeep(1).IsDamaged);
        await _lake.CatchUpAsync();
    }

    [Fact]
    public async Task Countries_that_changed_are_refused()
    {
        await FillAsync();
        string text = await File.ReadAllTextAsync(_lake["countries.csv"]);
        await File.WriteAllTextAsync(_lake["countries.csv"], text.Replace("Brazil", "Brasil", StringComparison.Ordinal).Replace("Portugal", "Portugel", StringComparison.Ordinal).Replace("USA", "USB", StringComparison.Ordinal).Replace("a", "e", StringComparison.Ordinal));
        LakeException e = Assert.Throws<LakeException>(() => Reader(_lake));
        Assert.Equal(LakeFailure.Damaged, e.Failure);
        Assert.Contains("countries.csv", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_epoch_that_is_gone_is_found()
    {
        await FillAsync();
        foreach (string file in Directory.GetFiles(_lake["bronze/messages/checkpoint/lake/p00000/epochs"]))
        {
            File.Delete(file);
        }

        Assert.Contains("epoch-", Assert.Single(Wrong()).Found, StringComparison.Ordinal);
    }

    private static DataFileName NameOf(DataFile file) => DataFileName.TryParse(file.Path, out DataFileName name, out _) ? name : default;

    // The same file with another value in row 1, or with row 0 twice.
    private (byte[] Bytes, long Offset) Forged(DataFile file, bool isEdited)
    {
        using ParquetReader reader = ParquetReader.Open(_lake[file.Path]);
        var times = new Int64Buffer();
        var offsets = new Int64Buffer();
        var numbers = new Int32Buffer();
        var columns = new List<ColumnData>();
        long offset = -1;
        foreach (ParquetField field in reader.Schema.Fields)
        {
            switch (field.Type)
            {
                case ParquetType.Int32:
                    reader.Read(0, field.Name, numbers);
                    columns.Add(new Int32Data(numbers.Values.ToArray(), numbers.Validity.ToArray()));
                    break;
                case ParquetType.Int64:
                    reader.Read(0, field.Name, offsets);
                    long[] forged = offsets.Values.ToArray();
                    forged[1] = isEdited ? forged[1] : forged[0];
                    offset = forged[1];
                    columns.Add(new Int64Data(forged));
                    break;
                case ParquetType.TimestampMicros:
                    reader.Read(0, field.Name, times);
                    columns.Add(new Int64Data(times.Values.ToArray(), times.Validity.ToArray()));
                    break;
                default:
                    columns.Add(Texts(reader, field.Name, isEdited && field.Name == "value"));
                    break;
            }
        }

        using var stream = new MemoryStream();
        using (var writer = new ParquetWriter(stream, reader.Schema))
        {
            writer.WriteRowGroup([.. columns]);
            writer.Finish();
        }

        return (stream.ToArray(), offset);
    }

    private static BytesData Texts(ParquetReader reader, string column, bool isEdited)
    {
        var buffer = new BytesBuffer();
        reader.Read(0, column, buffer);
        var texts = new Core.Messages.TextColumn();
        for (int row = 0; row < buffer.Count; row++)
        {
            if (isEdited && row == 1)
            {
                texts.Append("edited"u8);
            }
            else if (buffer.IsNull(row))
            {
                texts.AppendNull();
            }
            else
            {
                texts.Append(buffer[row]);
            }
        }

        return new BytesData(texts.Bytes, texts.Offsets, texts.Validity.Words.ToArray());
    }

    // Changes what the newest manifest says of a file, checksum included.
    private void Forge(string path, Action<JsonObject> change)
    {
        string manifest = Directory.GetFiles(_lake["bronze/messages/checkpoint/lake/p00000/manifests"]).Order(StringComparer.Ordinal).Last();
        string text = File.ReadAllText(manifest);
        JsonObject root = JsonNode.Parse(text[..^16])!.AsObject();
        JsonObject file = root["added"]!.AsArray().Select(one => one!.AsObject()).Single(one => (string)one["path"]! == path);
        change(file);
        byte[] json = Encoding.UTF8.GetBytes(root.ToJsonString() + "\n");
        File.WriteAllBytes(manifest, [.. json, .. Encoding.ASCII.GetBytes($"crc32c {Crc32C.Append(0, json):x8}\n")]);
    }

    private CheckFinding[] Wrong() => [.. Reader(_lake).CheckDeep(2).Findings.Where(finding => !finding.IsRight)];

    private void AssertNames(string file, string what)
    {
        CheckResult result = Reader(_lake).CheckDeep(1);
        Assert.True(
            result.Findings.Any(finding => IsTold(finding) && finding.Found.Contains(Path.GetFileName(file), StringComparison.Ordinal)),
            $"{file}, {what}: {string.Join('\n', result.Findings.Where(finding => !finding.IsRight))}");
    }

    // A flipped digit in a writer's version makes it another version's file with the right rows, which is reported as such.
    private static bool IsTold(CheckFinding finding) => !finding.IsRight || finding.Found.Contains("was written by OrleansLake version", StringComparison.Ordinal);

    private static void AssertRight(LakeUnderTest lake)
    {
        if (File.Exists(lake["lake.json"]))
        {
            LakeUnderTest.AssertPasses(Reader(lake).CheckDeep(2));
        }
    }

    private static LakeReader Reader(LakeUnderTest lake) => LakeReader.Open(new LocalStore(lake.Path), new ManualClock());

    private Task FillAsync(int baseListChangesMin = 1) => FillAsync(_lake, 5, baseListChangesMin);

    private static async Task FillAsync(LakeUnderTest lake, int seed, int baseListChangesMin)
    {
        lake.Options = lake.Options with { Partition = new PartitionStoreOptions { BaseListChangesMin = baseListChangesMin, SegmentBytes = 64 << 10 } };
        await using Lake open = await lake.OpenAsync();
        SentMessage[] sent = SentStreams.Many(90, seed);
        await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(sent[..30]) + "not json\n{}\n");
        await open.CommitAsync();
        ExternalBronzeFile.Put(lake, "foreign.parquet", ExternalBronzeFile.Bytes(sent[30..60]));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(sent[60..]));
        await open.CommitAsync();
    }
}
