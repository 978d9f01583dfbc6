using OrleansLake.Core.State;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine.Partitions;

/// <summary>A partition that stands still while it is looked at.</summary>
/// <param name="State">First occurrences and reports.</param>
/// <param name="Generation">The lake's generation.</param>
/// <param name="Applied">What the state is true as of.</param>
/// <param name="Rejected">Records rejected so far.</param>
/// <param name="NewestMicros">The latest timestamp that counts.</param>
/// <param name="Pending">Applied rows that are in no file yet: only the list changes later, not its batches.</param>
/// <param name="Files">The files of the newest commit, which hold all other rows.</param>
internal readonly record struct PartitionVersion(
    LakeState State, long Generation, LogPosition Applied, long Rejected, long? NewestMicros,
    IEnumerable<AppliedBatch> Pending, IReadOnlyDictionary<string, DataFile> Files);
