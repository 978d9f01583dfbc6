using Microsoft.Extensions.Options;
using OrleansLake.Engine;

namespace OrleansLake.Grains.Cluster;

/// <summary>Validates the options of a cluster. What is wrong is reported when the silo starts, not when a grain first needs it.</summary>
internal sealed class LakeClusterOptionsValidator : IValidateOptions<LakeClusterOptions>
{
    private const int PartitionsMax = 1024;
    private static readonly TimeSpan TriggerMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TriggerMax = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, LakeClusterOptions options)
    {
        var problems = new List<string>();
        if (options.Partitions is < 1 or > PartitionsMax)
        {
            problems.Add($"Partitions is {options.Partitions}: give 1 to {PartitionsMax}.");
        }

        if (options.Trigger < TriggerMin || options.Trigger > TriggerMax)
        {
            problems.Add($"Trigger is {options.Trigger}: give {TriggerMin} to {TriggerMax}.");
        }

        if (!Enum.IsDefined(options.Codec))
        {
            problems.Add($"Codec is {options.Codec}: give {string.Join(" or ", Enum.GetNames<LakeCodec>())}.");
        }

        if (!Enum.IsDefined(options.Deduplication))
        {
            problems.Add($"Deduplication is {options.Deduplication}: give {string.Join(" or ", Enum.GetNames<DeduplicationKind>())}.");
        }

        if (options.ThreadsPerPartition < 1)
        {
            problems.Add($"ThreadsPerPartition is {options.ThreadsPerPartition}: give 1 or more.");
        }

        if (options.UnappliedRowsMax < 1)
        {
            problems.Add($"UnappliedRowsMax is {options.UnappliedRowsMax}: give 1 or more.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
