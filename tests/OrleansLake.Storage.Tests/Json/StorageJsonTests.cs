using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OrleansLake.Core;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Tests.Json;

/// <summary>JSON whose checksum is right and that is not what this version writes.</summary>
public class StorageJsonTests
{
    private static readonly string Golden = Path.Combine(Fixtures.Root, "tests", "OrleansLake.Storage.Tests", "Golden");

    [Theory]
    [InlineData("\"formatVersion\": 1,", "\"formatVersion\": 1, \"unknown\": 1,")]
    [InlineData("\"level\": 3,", "\"level\": 3, \"unknown\": {},")]
    [InlineData("\"bronze\": 10,", "\"bronze\": 10, \"unknown\": null,")]
    [InlineData("\"temporary\": \"a.tmp\",", "\"temporary\": \"a.tmp\", \"unknown\": [],")]
    [InlineData("\"generation\"", "\"Generation\"")]
    [InlineData("\"generation\": 2,", "\"generation\": null,")]
    [InlineData("\"generation\": 2,", "\"generation\": \"2\",")]
    [InlineData("\"generation\": 2,", "\"generation\": 2.5,")]
    [InlineData("\"generation\": 2,", "\"generation\": 9223372036854775808,")]
    [InlineData("\"generation\": 2,", "\"generation\": {},")]
    [InlineData("\"generation\": 2,", "\"generation\": true,")]
    [InlineData("\"crc32C\": 4294967295", "\"crc32C\": -1")]
    [InlineData("\"path\": \"files\"", "\"path\": 1")]
    [InlineData("\"path\": \"files\"", "\"path\": \"\\ud800\"")]
    [InlineData("\"path\": \"files\"", "\"path\": null")]
    [InlineData("\"path\": \"files\"", "\"\\ud800\": \"files\"")]
    [InlineData("\"kind\": \"Bronze\"", "\"kind\": \"Golden\"")]
    [InlineData("\"kind\": \"Bronze\"", "\"kind\": null")]
    [InlineData("\"removed\": [", "\"removed\": null, \"pendingRemovals\": [")]
    [InlineData("\"removed\": [", "\"removed\": [null, ")]
    [InlineData("\"removed\": [", "\"removed\": [1, ")]
    [InlineData("\"added\": [", "\"added\": [null, ")]
    [InlineData("\"added\": [", "\"added\": [[], ")]
    [InlineData("\"days\": [", "\"days\": [null, ")]
    [InlineData("\"segments\": [", "\"segments\": [null, ")]
    [InlineData("\"pendingLinks\": [", "\"pendingLinks\": [{}, ")]
    [InlineData("\"pendingLinks\": [", "\"pendingLinks\": [null, ")]
    [InlineData("\"applied\": {", "\"applied\": null, \"durable\": {")]
    [InlineData("\"total\": {", "\"total\": [], \"durable\": {")]
    [InlineData("\"snapshot\": {", "\"snapshot\": null, \"registry\": {")]
    [InlineData("\"changes\": [", "\"changes\": [null, ")]
    [InlineData("\"gone\"\n  ]\n}", "\"gone\"\n  ]\n} {}")]
    [InlineData("\"gone\"\n  ]\n}", "\"gone\"\n  ],\n}")]
    [InlineData("\"gone\"\n  ]\n}", "\"gone\"\n  ]")]
    public void A_manifest_that_is_not_of_this_version_is_damaged(string written, string instead)
    {
        string good = Document("manifest-all-v1.json");
        string bad = good.Replace(written, instead, StringComparison.Ordinal);
        Assert.NotEqual(good, bad);
        CorruptDataException damage = Assert.Throws<CorruptDataException>(() => Read(bad));
        Assert.Equal("manifest", damage.File);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_object_is_no_manifest(string document) =>
        Assert.Throws<CorruptDataException>(() => Read(document + "\n"));

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_damage()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Document("manifest-all-v1.json").Replace("\"files\"", "\"\u00ff\"", StringComparison.Ordinal));
        Assert.Throws<CorruptDataException>(() => Read(bytes));
    }

    [Fact]
    public void Fields_may_stand_in_another_order_and_be_escaped()
    {
        string good = Document("manifest-all-v1.json");
        string other = good
            .Replace("  \"number\": 9223372036854775807,\n", "", StringComparison.Ordinal)
            .Replace("\"generation\": 2,", "\"\\u0067eneration\": 2, \"number\": 9223372036854775807,", StringComparison.Ordinal);
        Assert.Equal(ManifestFiles.Serialize(Read(good)), ManifestFiles.Serialize(Read(other)));
    }

    [Theory]
    [InlineData("partition")]
    [InlineData("number")]
    [InlineData("epoch")]
    [InlineData("generation")]
    [InlineData("applied")]
    [InlineData("durable")]
    [InlineData("segments")]
    [InlineData("added")]
    [InlineData("removed")]
    [InlineData("days")]
    [InlineData("snapshot")]
    [InlineData("registry")]
    [InlineData("pendingLinks")]
    [InlineData("pendingRemovals")]
    public void A_manifest_that_lacks_a_field_is_damaged(string name)
    {
        JsonObject document = JsonNode.Parse(Document("manifest-all-v1.json"))!.AsObject();
        Assert.True(document.Remove(name));
        Assert.Throws<CorruptDataException>(() => Read(document.ToJsonString() + "\n"));
    }

    [Fact]
    public void Numbers_and_positions_that_are_not_there_are_zero()
    {
        Manifest manifest = Read(
            """
            {"partition":2147483647,"number":9223372036854775807,"epoch":3,"generation":2,"applied":{"offset":6},"durable":{},
             "segments":[{}],"added":[{"path":"a"}],"removed":[],"days":[{}],"snapshot":{"changes":[{"path":"b"}]},
             "registry":{"changes":[]},"pendingLinks":[],"pendingRemovals":[]}

            """);
        Assert.Equal(new LogPosition(0, 6), manifest.Applied);
        Assert.Equal(default, manifest.Durable);
        Assert.Equal(new LogSegment(default, 0, default, null), Assert.Single(manifest.Segments));
        Assert.Null(manifest.BaseList);
        Assert.Equal(new DataFile("a", default, 0, 0, 0, 0, 0), Assert.Single(manifest.Added));
        Assert.Equal(default, manifest.Total);
        Assert.Equal(new LedgerDay(null, default), Assert.Single(manifest.Days));
        Assert.Equal(new StateFile("b", 0, 0, 0), Assert.Single(manifest.Snapshot.Changes));
        Assert.Null(manifest.Registry.Base);
    }

    [Theory]
    [InlineData("\"files\":[", "\"files\":[null,")]
    [InlineData("\"files\":[", "\"files\":[{},")]
    [InlineData("\"files\":[", "\"days\":[], \"files\":7, \"unread\":[")]
    [InlineData("\"files\":", "\"unknown\":")]
    [InlineData("\"rows\":", "\"Rows\":")]
    [InlineData("\"date\":\"2024-12-16\"", "\"date\":20241216")]
    [InlineData("\"bronze\":1,", "\"bronze\":\"1\",")]
    public void A_base_list_that_is_not_of_this_version_is_damaged(string written, string instead)
    {
        string good = Document("files-all-v1.json");
        string bad = good.Replace(written, instead, StringComparison.Ordinal);
        Assert.NotEqual(good, bad);
        using var lake = new TemporaryLake(Durability.None);
        Assert.Equal(4, ReadList(lake, good).Files.Count);
        Assert.Throws<CorruptDataException>(() => ReadList(lake, bad));
    }

    [Theory]
    [InlineData("\"firstPartition\"", "\"unknown\"")]
    [InlineData("\"timeZone\": \"Europe/Amsterdam\",", "")]
    [InlineData("\"timeZone\": \"Europe/Amsterdam\",", "\"timeZone\": null,")]
    [InlineData("\"timeZone\": \"Europe/Amsterdam\",", "\"timeZone\": 1,")]
    [InlineData("\"partitions\": 8,", "")]
    [InlineData("\"partitions\": 8,", "\"partitions\": \"8\",")]
    [InlineData("\"count\": 4", "\"count\": 4, \"contains\": true")]
    [InlineData("\"countriesCrc32C\": 4294967295", "\"countriesCrc32C\": 4294967296")]
    public void A_lake_description_that_is_not_of_this_version_is_damaged(string written, string instead)
    {
        string good = File.ReadAllText(Path.Combine(Golden, "lake-v2.json"));
        string bad = good.Replace(written, instead, StringComparison.Ordinal);
        Assert.NotEqual(good, bad);
        using var lake = new TemporaryLake(Durability.None);
        lake.Write(LakePaths.Description, bad);
        Assert.Throws<CorruptDataException>(() => LakeDescription.Read(lake.Store));
    }

    private static string Document(string name) => File.ReadAllText(Path.Combine(Golden, name))[..^16];

    private static Manifest Read(string document) => Read(Encoding.UTF8.GetBytes(document));

    private static Manifest Read(byte[] document) =>
        ManifestFiles.Deserialize("manifest", Sealed(document), new PartitionId(int.MaxValue), long.MaxValue);

    private static BaseList ReadList(TemporaryLake lake, string document)
    {
        byte[] bytes = Sealed(Encoding.UTF8.GetBytes(document));
        File.WriteAllBytes(lake.FullPath("files"), bytes);
        Manifest manifest = Read(Document("manifest-all-v1.json"));
        return ManifestFiles.ReadBaseList(
            lake.Store, manifest with { BaseList = new StateFile("files", 0, bytes.Length, Crc32C.Of(bytes)) });
    }

    private static byte[] Sealed(byte[] document) =>
        [.. document, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crc32c {Crc32C.Of(document):x8}\n"))];
}
