using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Tests.Formats;

/// <summary>Tests what a newer version wrote is refused, with words that say what to do, and left as it is.</summary>
public sealed class NewerVersionTests
{
    private const string State = "bronze/messages/checkpoint/lake/p00000/state/";

    [Fact]
    public Task Lake_json_of_a_newer_version_is_refused() => AssertRefused(LakePaths.Description, bytes => Replaced(bytes, "\"formatVersion\": 1", "\"formatVersion\": 6"), newest: 5);

    [Fact]
    public Task Manifest_of_a_newer_version_is_refused() => AssertRefused(
        LakePaths.ManifestFolder(default), bytes => Sealed(Replaced(bytes, "\"formatVersion\": 2", "\"formatVersion\": 3")), newest: 2);

    [Fact]
    public Task Base_list_of_a_newer_version_is_refused() => AssertRefused(
        State + "files", bytes => Sealed(Replaced(bytes, "\"formatVersion\":1", "\"formatVersion\":2")), manifestHasChecksum: true);

    [Fact]
    public Task Snapshot_of_a_newer_version_is_refused() => AssertRefused(State + "snapshot", bytes => Raised(bytes, start: 0, version: 8, crc: 28));

    [Fact]
    public Task Registry_of_a_newer_version_is_refused() => AssertRefused(State + "registry", bytes => Raised(bytes, start: 0, version: 8, crc: 28));

    [Fact]
    public Task Segment_of_a_newer_version_is_refused() => AssertRefused(LakePaths.BronzeLog, bytes => Raised(bytes, start: 0, version: 8, crc: 60), readersLook: false);

    [Fact]
    public Task Frame_of_a_newer_version_is_refused() => AssertRefused(
        LakePaths.BronzeLog, bytes => Raised(bytes, bytes.AsSpan().LastIndexOf("OLFR"u8), version: 4, crc: 92, to: 4), readersLook: false, newest: 3);

    [Theory]
    [InlineData("report1")]
    [InlineData("report2")]
    [InlineData(LakePaths.Ledger)]
    public async Task Gold_of_a_newer_version_is_refused(string name)
    {
        using LakeUnderTest lake = await FormatLake.MakeAsync();
        string path = lake[LakePaths.GoldFile(name)];
        Rewrite(path, version: 2);
        byte[] newer = await File.ReadAllBytesAsync(path);
        AssertSaysWhatToDo(Assert.Throws<LakeRefusedException>(() => lake.Reader().Check()), name);
        AssertSaysWhatToDo(Assert.Throws<LakeRefusedException>(() => lake.Reader().CheckDeep()), name);
        if (name != LakePaths.Ledger)
        {
            AssertSaysWhatToDo(Assert.Throws<LakeRefusedException>(() => lake.Reader().Report(name)), name);
        }

        AssertSaysWhatToDo(await Assert.ThrowsAsync<LakeRefusedException>(lake.CatchUpAsync), name);
        Assert.Equal(newer, await File.ReadAllBytesAsync(path));
        Assert.Equal(4, lake.Reader().Ledger.Total.Bronze);

        // Without the file, what waits in the log is published as ever.
        File.Delete(path);
        await lake.CatchUpAsync();
        Assert.Equal(5, lake.Reader().Ledger.Total.Bronze);
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task Gold_whose_version_is_damaged_is_written_again_not_taken_for_a_newer_one()
    {
        using LakeUnderTest lake = await FormatLake.MakeAsync();
        string path = lake[LakePaths.GoldFile("report1")];
        byte[] bytes = await File.ReadAllBytesAsync(path);
        int version = bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(FileFormat.VersionKey)) + FileFormat.VersionKey.Length;
        bytes[bytes.AsSpan(version).IndexOf((byte)'1') + version] = (byte)'2';
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(FormatLake.Report1, LakeUnderTest.Ndjson(lake.Reader().Report("report1")));
        await lake.CatchUpAsync();
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task Quarantine_of_a_newer_version_is_refused()
    {
        using LakeUnderTest lake = await FormatLake.MakeAsync();
        string path = FormatLake.Find(lake, LakePaths.Quarantine);
        Rewrite(path, version: 2);
        AssertSaysWhatToDo(Assert.Throws<LakeRefusedException>(() => lake.Reader().Quarantine().ToList()), System.IO.Path.GetFileName(path));
    }

    private static async Task AssertRefused(string start, Func<byte[], byte[]> raise, bool readersLook = true, bool manifestHasChecksum = false, int newest = 1)
    {
        using LakeUnderTest lake = await FormatLake.MakeAsync();
        string path = FormatLake.Find(lake, start);
        byte[] before = await File.ReadAllBytesAsync(path);
        byte[] newer = raise([.. before]);
        if (manifestHasChecksum)
        {
            string manifest = FormatLake.Find(lake, LakePaths.ManifestFolder(default));
            byte[] named = Replaced(await File.ReadAllBytesAsync(manifest), Text(Crc32C.Append(0, before)), Text(Crc32C.Append(0, newer)));
            await File.WriteAllBytesAsync(manifest, Sealed(named));
        }

        await File.WriteAllBytesAsync(path, newer);
        AssertSaysWhatToDo(await Assert.ThrowsAsync<LakeRefusedException>(lake.CatchUpAsync), $"version {newest + 1}", newest);
        if (readersLook)
        {
            AssertSaysWhatToDo(Assert.Throws<LakeRefusedException>(() => Look(lake)), $"version {newest + 1}", newest);
        }

        Assert.Equal(newer, await File.ReadAllBytesAsync(path));
    }

    private static void Look(LakeUnderTest lake)
    {
        LakeReader reader = lake.Reader();
        Assert.Single(reader.Quarantine());
        reader.Check();
    }

    private static void AssertSaysWhatToDo(LakeRefusedException refused, string name, int newest = 1)
    {
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"this version reads up to {newest}: use a newer one", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Raised(byte[] bytes, int start, int version, int crc, ushort to = 2)
    {
        Span<byte> header = bytes.AsSpan(start);
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(header[version..]));
        BinaryPrimitives.WriteUInt16LittleEndian(header[version..], to);
        BinaryPrimitives.WriteUInt32LittleEndian(header[crc..], Crc32C.Append(0, header[..crc]));
        return bytes;
    }

    // Sealed JSON: its last line is the checksum of what precedes it.
    private static byte[] Sealed(byte[] bytes)
    {
        byte[] document = bytes[..^16];
        string seal = string.Create(CultureInfo.InvariantCulture, $"crc32c {Crc32C.Append(0, document):x8}\n");
        return [.. document, .. Encoding.ASCII.GetBytes(seal)];
    }

    private static string Text(uint crc) => crc.ToString(CultureInfo.InvariantCulture);

    private static byte[] Replaced(byte[] bytes, string from, string to)
    {
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Rewrites a Parquet file of ours, empty, with its metadata but of another version.</summary>
    private static void Rewrite(string path, int version)
    {
        Dictionary<string, string> metadata;
        ParquetSchema schema;
        using (ParquetReader reader = ParquetReader.Open(path))
        {
            metadata = new(reader.Metadata.KeyValueMetadata);
            schema = reader.Schema;
        }

        using FileStream file = File.Create(path);
        using var writer = new ParquetWriter(file, schema, new ParquetWriterOptions { KeyValueMetadata = FileFormat.Seal(metadata, version) });
        writer.Finish();
    }
}
