using OrleansLake.Core.Reports;
using OrleansLake.Core.State;

namespace OrleansLake.Engine.Partitions;

/// <summary>A reading of one partition at one version.</summary>
/// <param name="Position">The position that it is true as of.</param>
/// <param name="Generation">The lake's generation.</param>
/// <param name="Ledger">The counts.</param>
/// <param name="Parts">The reports that were asked for, in that order.</param>
internal sealed record PartitionReading(LogPosition Position, long Generation, Ledger Ledger, IReadOnlyList<ReportPart> Parts);
