using OrleansLake.Core.Countries;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine.Partitions;

/// <summary>The settings of a partition under its owner.</summary>
internal sealed record PartitionSettings
{
    /// <summary>Gets the lake's time zone.</summary>
    internal required LakeTimeZone Zone { get; init; }

    /// <summary>Gets the lake's countries.</summary>
    internal required CountryTable Countries { get; init; }

    /// <summary>Gets the threads that it shares with others.</summary>
    internal required ParallelWork Work { get; init; }

    /// <summary>Gets the applied rows that may wait for the trigger.</summary>
    internal required int PendingRowsMax { get; init; }

    /// <summary>Gets the clock.</summary>
    internal required TimeProvider Clock { get; init; }

    /// <summary>Gets the reports that it counts.</summary>
    internal required ReportCatalog Reports { get; init; }

    /// <summary>Gets the columns that the lake adds, as files have them.</summary>
    internal AddedData Added { get; init; } = AddedData.None;

    /// <summary>Gets the codec of its Parquet files.</summary>
    internal LakeCodec Codec { get; init; }

    /// <summary>
    /// Gets a value indicating whether commits write gold. In a lake of many partitions they do not: the host puts it together from
    /// what each has committed.
    /// </summary>
    internal bool PublishesGold { get; init; } = true;

    /// <summary>Gets the partition's share of external bronze files.</summary>
    internal PartitionSlice Share { get; init; } = PartitionSlice.Whole;

    /// <summary>Gets the observer of these files.</summary>
    internal ExternalBoard External { get; init; } = new();
}
