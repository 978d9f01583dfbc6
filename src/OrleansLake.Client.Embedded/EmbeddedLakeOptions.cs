using System.ComponentModel.DataAnnotations;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Client.Embedded;

/// <summary>The options of a lake that this process owns.</summary>
public class EmbeddedLakeOptions
{
    /// <summary>Gets or sets the lake's folder; it is created if there is none.</summary>
    [Required]
    public string Path { get; set; } = "./lake";

    /// <summary>Gets or sets how often silver and gold follow; from 1 ms to a day. Reads do not wait for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Trigger { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the lake's time zone, if it is created. Null: UTC.</summary>
    [TimeZoneSetting]
    public string? TimeZone { get; set; }

    /// <summary>Gets or sets a file with the countries, if the lake is created. Null: the built-in ones.</summary>
    [FileSetting]
    public string? CountriesFile { get; set; }

    /// <summary>Gets or sets the type of user_id, if the lake is created: int32, int64 or text. Null: int32, or what it is.</summary>
    [IdTypeSetting(isUser: true)]
    public string? UserId { get; set; }

    /// <summary>
    /// Gets or sets the type of country_id, in messages and in <see cref="CountriesFile"/>, if the lake is created: int32 or text. Null: int32,
    /// or what it is.
    /// </summary>
    [IdTypeSetting(isUser: false)]
    public string? CountryId { get; set; }

    /// <summary>Gets or sets the file of the default mapping, by which records become messages, if the lake is created. Null: none.</summary>
    [FileSetting]
    public string? MappingFile { get; set; }

    /// <summary>
    /// Gets or sets what is kept of records beside the columns of a message, if the lake is created: Attributes, Source, or both with a comma
    /// between. Null: nothing, or what it keeps.
    /// </summary>
    public KeptFields? Keep { get; set; }

    /// <summary>Gets or sets the number of partitions that the lake gets if it is created. Null: one, or what it has.</summary>
    [Range(1, LakePartitioning.PartitionsMax)]
    public int? Partitions { get; set; }

    /// <summary>Gets the codec of bronze's and silver's Parquet files; it may be another one at every start.</summary>
    public LakeCodec Codec { get; set; }

    /// <summary>Gets or sets the reports that the lake keeps: the same at every start. It is set in code, not in a file.</summary>
    public ReportCatalog Reports { get; set; } = LakeReports.All;

    /// <summary>Gets or sets the number of threads that work on messages at most. Null: one for each core.</summary>
    [Range(1, 1024)]
    public int? Threads { get; set; }

    /// <summary>Gets or sets a value indicating whether acknowledged messages survive a power failure. False switches every fsync
    /// off: for benchmarks, and for nothing else.</summary>
    public bool IsDurable { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether the host's program asks itself for the failure that ended it, and warns of what was asked for by name.</summary>
    internal bool IsOfProgram { get; set; }

    /// <summary>Gets the number of dates that the messages of one send by a <see cref="SendOptions.Sender"/> may have. Null: any number.</summary>
    internal virtual int? DatesPerSendMax => null;

    /// <summary>Gets the number of dates that one sender's messages may have within an hour. Null: any number.</summary>
    internal virtual int? DatesPerSenderMax => null;

    /// <summary>Returns the options with which the lake is opened.</summary>
    internal LakeOptions ToLakeOptions() => new()
    {
        Path = Path,
        Create = true,
        Adopt = AdoptKind.BronzeOnly,
        TimeZone = TimeZone,
        CountriesFile = CountriesFile,
        UserId = IdTypes.UserOf(UserId),
        CountryId = IdTypes.CountryOf(CountryId),
        MappingFile = MappingFile,
        Keep = Keep,
        Trigger = Trigger,
        Partitions = Partitions,
        Codec = Codec,
        Threads = Threads,
        Reports = Reports,
        IsDurable = IsDurable,
    };
}
