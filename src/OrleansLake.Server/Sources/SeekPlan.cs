using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>Finds the partitions that are to be read from another offset, and these offsets, before any of them is moved.</summary>
internal static class SeekPlan
{
    /// <summary>Returns the partitions, each with its offset.</summary>
    /// <exception cref="LakeClientException">There is no such partition, or it has no such offset.</exception>
    /// <exception cref="SourceException">The broker does not say.</exception>
    internal static SourcePosition[] Of(SourceSeek seek, IReadOnlyList<SourcePartition> all, ITopicReader reader, CancellationToken stop)
    {
        SourcePartition[] wanted = [.. all.Where(one => (seek.Topic is null || one.Name == seek.Topic) && (seek.Partition is null || one.Number == seek.Partition))];
        if (wanted.Length == 0)
        {
            throw new LakeClientException(LakeClientErrorKind.NotFound, $"{seek.Source} has no such partition: `lake source list` shows those that it has.");
        }

        return seek.Offset is null || wanted.Length == 1 ? [.. wanted.Select(one => new SourcePosition(one, OffsetOf(one, seek, reader, stop)))]
            : throw new LakeClientException(LakeClientErrorKind.BadRequest, $"An offset is that of one partition, and {seek.Source} has {wanted.Length}: name one of them, with its topic where there are several.");
    }

    private static long OffsetOf(SourcePartition place, SourceSeek seek, ITopicReader reader, CancellationToken stop)
    {
        if (seek.Offset is not { } offset)
        {
            return Find(seek.Place);
        }

        (long first, long end) = (Find(SourcePlace.Earliest), Find(SourcePlace.Latest));
        return offset >= first && offset <= end ? offset
            : throw new LakeClientException(LakeClientErrorKind.BadRequest, $"{place} begins at offset {first} and ends at {end} now: {offset} is not between.");

        long Find(SourcePlace at) => reader.FindOffsetAsync(place, at, stop).GetAwaiter().GetResult();
    }
}
