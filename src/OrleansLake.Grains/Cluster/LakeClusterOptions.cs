using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Grains;

/// <summary>The lake that a cluster serves.</summary>
public sealed class LakeClusterOptions
{
    /// <summary>The key of a silo's metadata (<c>UseSiloMetadata</c>) under which it publishes where its lake is, for the message of one that has another. It need not be given.</summary>
    public const string LocationMetadata = "OrleansLake.Location";

    /// <summary>Gets or sets the number of partitions that the lake gets when it is created; null: 16, or what it has. More than
    /// there will ever be cores is of no use.</summary>
    public int? Partitions { get; set; }

    /// <summary>Gets or sets the lake's time zone when it is created (an IANA name, or an offset such as +02:00). Null: UTC, or what it is.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Gets or sets the type of user_id, if the lake is created: int32, int64 or text. Null: int32, or what it is.</summary>
    public string? UserId { get; set; }

    /// <summary>Gets or sets the type of country_id, if the lake is created: int32 or text. Null: int32, or what it is.</summary>
    public string? CountryId { get; set; }

    /// <summary>Gets or sets a CSV or Parquet file with the countries, if the lake is created. Null: the built-in ones.</summary>
    public string? CountriesFile { get; set; }

    /// <summary>
    /// Gets or sets the default mapping that the lake gets when it is created, by which records become messages where no other is named. Null:
    /// none, or what it has.
    /// </summary>
    public MessageMapping? Mapping { get; set; }

    /// <summary>Gets or sets what is kept of records beside the columns of a message, if the lake is created. Null: nothing, or what it keeps.</summary>
    public KeptFields? Keep { get; set; }

    /// <summary>Gets or sets a value indicating whether the lake is created if there is none. A cluster's lake is configured, so it
    /// usually is to be made.</summary>
    public bool Create { get; set; } = true;

    /// <summary>Gets how often silver and gold follow. Five seconds, as for the embedded engine.</summary>
    public TimeSpan Trigger { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the codec of bronze's and silver's Parquet files. It may be another one at every start.</summary>
    public LakeCodec Codec { get; set; }

    /// <summary>Gets or sets the reports that the lake keeps: the same on every silo, and at every client of the cluster.</summary>
    public ReportCatalog Reports { get; set; } = LakeReports.All;

    /// <summary>Gets or sets who decides which copy of a message counts. It may be another one at every start.</summary>
    public DeduplicationKind Deduplication { get; set; }

    /// <summary>Gets or sets the number of threads that a partition uses at most. One: the partitions are what spreads the work.</summary>
    public int ThreadsPerPartition { get; set; } = 1;

    /// <summary>Gets or sets the number of messages of a partition that may wait to be applied before senders have to.</summary>
    public int UnappliedRowsMax { get; set; } = 500_000;

    /// <summary>
    /// Gets or sets a description of what keeps the cluster's list of silos, the same on each of its silos. Two clusters of one name are distinguished
    /// by it, so that the second one does not start on the first one's lake. Null: the name alone decides.
    /// </summary>
    public string? Membership { get; set; }
}
