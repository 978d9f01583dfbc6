using OrleansLake.Core.Messages;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Sending;

/// <summary>Sends to all partitions of a lake, and puts their answers together.</summary>
internal sealed class PartitionSenders : IDisposable
{
    private readonly PartitionSender[] _all;

    internal PartitionSenders(OwnedPartitions owned, LakeOptions options) =>
        _all = [.. owned.All.Select(one => new PartitionSender(one, options.SendPieceBytes, options.Clock))];

    internal int Count => _all.Length;

    /// <summary>Gets the time at which to try again where a partition is closed.</summary>
    internal TimeSpan RetryAfter => _all.Max(static partition => partition.RetryAfter);

    internal PartitionSender this[int partition] => _all[partition];

    /// <summary>Returns the partitions, those opened again whose log has closed.</summary>
    /// <exception cref="LogClosedException">One cannot be opened now.</exception>
    internal async ValueTask<LakePartition[]> OpenAsync(CancellationToken cancellationToken)
    {
        var partitions = new LakePartition[_all.Length];
        for (int i = 0; i < partitions.Length; i++)
        {
            partitions[i] = await _all[i].OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        return partitions;
    }

    /// <summary>Waits until the partitions have capacity for their frames.</summary>
    /// <returns>The answer if they do not get it; null if they have it.</returns>
    internal async Task<SendOutcome?> WaitForCapacityAsync(LakePartition[] partitions, List<FrameContent>[] frames, TimeSpan max, CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < partitions.Length; i++)
            {
                if (frames[i].Count > 0 && partitions[i].IsBehind)
                {
                    await _all[i].WaitForCapacityAsync(partitions[i], max, cancellationToken).ConfigureAwait(false);
                }
            }

            return null;
        }
        catch (TimeoutException)
        {
            return SendOutcome.Refused(SendStatus.Busy, "the pipeline is behind: too many messages wait to be applied; try again", SendOutcome.UsualRetryAfter);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SendOutcome.Refused(SendStatus.Unavailable, $"what was accepted cannot be published, and no more fits in memory: {e.Message}", SendOutcome.UsualRetryAfter);
        }
    }

    /// <summary>Returns the answer to what was sent, once each partition has stored its part; null for one that had none.</summary>
    internal async ValueTask<SendOutcome> OutcomeAsync(SendStatus status, long accepted, IReadOnlyList<Rejection> rejections, Task<StoredPart>?[] parts)
    {
        var stored = new StoredPart?[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            stored[i] = parts[i] is { } part ? await part.ConfigureAwait(false) : null;
        }

        return Array.Find(stored, static part => part is { IsStored: false }) is not { } missing
            ? new SendOutcome
            {
                Status = status,
                Accepted = accepted,
                Rejections = rejections,
                FirstOffset = Array.Find(stored, static part => part is not null)?.FirstOffset ?? 0,
                EndOffsets = stored is [{ } only] ? [only.EndOffset] : [.. stored.Select(static part => part?.EndOffset ?? 0)],
            }
            : SendOutcome.Refused(SendStatus.Unavailable, missing.Failure ?? "the disk failed; try again", RetryAfter) with
            {
                IsUnknown = !Array.TrueForAll(stored, static part => part is null or { IsStored: false, IsNothingStored: true }),
            };
    }

    /// <summary>Serves those who wait.</summary>
    public void Dispose()
    {
        foreach (PartitionSender partition in _all)
        {
            partition.Dispose();
        }
    }
}
