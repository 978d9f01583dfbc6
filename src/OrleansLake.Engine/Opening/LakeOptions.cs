using OrleansLake.Core.Countries;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Opening;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine;

/// <summary>The options with which the process that will own a lake opens it.</summary>
public sealed record LakeOptions
{
    /// <summary>Gets the lake's folder; with a <see cref="Store"/>, only what the lake is called.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the store of the lake's files, if it is not a folder: an object store, say.</summary>
    public ILakeStore? Store { get; init; }

    /// <summary>Gets a value indicating whether the lake is created if there is none.</summary>
    public bool Create { get; init; }

    /// <summary>Gets a value indicating whether a folder that holds <c>bronze/messages/data</c> of another program becomes a lake.</summary>
    public AdoptKind Adopt { get; init; }

    /// <summary>Gets the lake's time zone (an IANA name, or an offset such as +02:00), fixed when it is created. Null: UTC, or what it is.</summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// Gets a CSV or Parquet file with <c>country_id</c> and <c>country</c> that replaces the built-in table when the lake is created; the
    /// CSV may be packed with gzip or zstd, and the file may be a pipe.
    /// </summary>
    public string? CountriesFile { get; init; }

    /// <summary>
    /// Gets the default mapping, by which records become messages where no other is named; given when the lake is created
    /// (<see cref="Lake.Mappings"/> changes it). Null: none, or what it has.
    /// </summary>
    public MessageMapping? Mapping { get; init; }

    /// <summary>Gets the file of the default mapping, where that is not given as <see cref="Mapping"/>.</summary>
    public string? MappingFile { get; init; }

    /// <summary>
    /// Gets what is kept of records beside the columns of a message, given when the lake is created (<see cref="LakeColumns"/> changes it).
    /// Null: nothing, or what it keeps.
    /// </summary>
    public KeptFields? Keep { get; init; }

    /// <summary>Gets the type of <c>user_id</c>, fixed when the lake is created. Null: numbers of 32 bits, or what it is.</summary>
    public IdType? UserId { get; init; }

    /// <summary>
    /// Gets the type of <c>country_id</c>, fixed when the lake is created: numbers of 32 bits, or texts, which the countries'
    /// <c>country_id</c> are too. Null: numbers, or what it is.
    /// </summary>
    public IdType? CountryId { get; init; }

    /// <summary>Gets the types of ids that were asked for; of a lake that is open, those that it has.</summary>
    internal IdTypes Ids => (UserId ?? IdType.Number32, CountryId ?? IdType.Number32) is (IdType.Number32, IdType.Number32) ? IdTypes.Default
        : new IdTypes(UserId ?? IdType.Number32, CountryId ?? IdType.Number32);

    /// <summary>Gets what <see cref="CountriesFile"/> holds, once it was read: a pipe can be read once only.</summary>
    internal CountryTable? Countries { get; init; }

    /// <summary>
    /// Gets the reports that the lake keeps. Everybody who opens it is to give the same ones; a report that is new here is made of
    /// all that the lake has, and one that is given no more keeps its last gold.
    /// </summary>
    public ReportCatalog Reports { get; init; } = LakeReports.All;

    /// <summary>Gets the number of partitions that the lake has, given when it is created (<see cref="LakePartitioning"/> changes it).
    /// Null: one, or what it has.</summary>
    public int? Partitions { get; init; }

    /// <summary>Gets how often silver and gold follow. Five seconds, as in the notebook.</summary>
    public TimeSpan Trigger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the codec of bronze's and silver's Parquet files. It may be another one at every start.</summary>
    public LakeCodec Codec { get; init; }

    /// <summary>Gets the number of threads that work at most. Null: one for each core. The result does not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>Gets a value indicating whether acknowledged messages survive a power failure. False switches every fsync off: for
    /// benchmarks that compare with programs that do not fsync, and for nothing else.</summary>
    public bool IsDurable { get; init; } = true;

    /// <summary>Gets the number of applied rows that may wait for the trigger: about 70 bytes each, and their values' text.</summary>
    internal int PendingRowsMax { get; init; } = 2_000_000;

    /// <summary>Returns one partition's part of <see cref="PendingRowsMax"/>, which is the lake's.</summary>
    internal int PendingRowsMaxOf(int partitions) => Math.Max(1, PendingRowsMax / partitions);

    /// <summary>
    /// Gets the number of bytes of bodies that are being sent and are not durable yet; more wait, and then are asked to try again. 64 MiB is
    /// 50 ms of a disk that writes 1.3 GB/s; memory holds about three times that.
    /// </summary>
    public long SendBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Gets the size of a frame in bytes: a body up to here is stored as a whole or not at all, a longer one is cut. Some ten
    /// thousand messages; recovery holds one frame in memory.
    /// </summary>
    internal int SendPieceBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Returns the countries that were asked for; null if none were.</summary>
    /// <param name="type">The type of their ids.</param>
    internal CountryTable? WantedCountries(IdType type) => Countries ?? (CountriesFile is null ? null : CountriesSource.Read(CountriesFile, type));

    /// <summary>Returns the options as those of a lake that is there.</summary>
    internal LakeOptions Of(LakeDescription lake) => this with { Keep = lake.Keep, UserId = lake.Ids.User, CountryId = lake.Ids.Country, Reports = Reports.Of(lake.Ids) };

    /// <summary>Returns the default mapping that was asked for; null if none was.</summary>
    /// <param name="made">The types of the lake's ids; null if it is to be created.</param>
    /// <exception cref="LakeException">Its file is not a mapping.</exception>
    internal MessageMapping? WantedMapping(IdTypes? made)
    {
        if (Mapping is not null || MappingFile is null)
        {
            return Mapping;
        }

        try
        {
            return MappingSource.Read(MappingFile, made ?? Ids);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OptionFile.Unreadable("mapping", MappingFile, e, "--mapping", nameof(MappingFile));
        }
    }

    /// <summary>Returns the store of the lake's files.</summary>
    internal ILakeStore OpenStore() =>
        Store ?? new LocalStore(Path, IsDurable ? Durability.Full : Durability.None);

    /// <summary>Gets the clock; tests give their own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets the sizes inside the partition.</summary>
    internal PartitionStoreOptions Partition { get; init; } = new();
}
