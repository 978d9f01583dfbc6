using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Grains;

namespace OrleansLake.Silo;

/// <summary>The settings under <c>Lake</c>: where it is, and what it is made and run with.</summary>
internal sealed class LakeSection
{
    [Description("the lake's folder, under the same name on every silo (or LAKE_DIR)")]
    public string? Folder { get; set; }

    [Description("folder (default), or azure: a container of Azure Blob Storage")]
    public LakeStoreKind Store { get; set; }

    [Description("azure: the storage account's connection string"), DataType(DataType.Password)]
    public string? ConnectionString { get; set; }

    [Description("azure: the container (lake)"), ContainerName]
    public string? Container { get; set; }

    [Description("of a lake that is created (16)"), Range(1, LakePartitioning.PartitionsMax)]
    public int? Partitions { get; set; }

    [Description("of a lake that is created (UTC)"), TimeZoneSetting]
    public string? TimeZone { get; set; }

    [Description("what user_id is, of a lake that is created: int32 (default), int64 or text"), IdTypeSetting(isUser: true)]
    public string? UserId { get; set; }

    [Description("what country_id is, of a lake that is created: int32 (default) or text"), IdTypeSetting(isUser: false)]
    public string? CountryId { get; set; }

    [Description("the countries of a lake that is created: a CSV or Parquet file (the notebook's)")]
    public string? CountriesFile { get; set; }

    [Description("the default mapping of a lake that is created: a file (docs/mappings.md)")]
    public string? MappingFile { get; set; }

    [Description("what a lake that is created keeps of records beside messages: Attributes, Source, or Attributes,Source")]
    public KeptFields? Keep { get; set; }

    [Description("MessageGrains (default) or KeyRanges")]
    public DeduplicationKind Deduplication { get; set; }

    [Description("Snappy (default), Zstd, Lz4Raw, Gzip, Brotli or None, of the Parquet files")]
    public LakeCodec Codec { get; set; }

    [Description("how often silver and gold follow (5000)"), Range(50, 86_400_000)]
    public int TriggerMs { get; set; } = 5_000;

    /// <summary>Gets the container, whose root is the lake's.</summary>
    internal string ContainerName => Container ?? "lake";
}
