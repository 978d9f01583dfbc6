using System.Diagnostics;
using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Live;

/// <summary>
/// The last reading of one report. Making one takes as long as the report is large (of which the state stands still while
/// its counts are copied), so while messages stream in a reading is used again for ten times as long as it took to make; but
/// never where it would not show what someone was told that it shows.
/// </summary>
internal sealed class ReadingCache(ReportDefinition report)
{
    private const int ReuseFactor = 10;
    private static readonly TimeSpan ReuseMax = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile Entry? _last;

    /// <param name="view">Counts and times.</param>
    /// <param name="partition">What is read.</param>
    /// <param name="minOffset">What the reading must show at least.</param>
    internal LiveReading Read(LiveView view, LakePartition partition, long minOffset)
    {
        if (Usable(partition, minOffset) is { } usable)
        {
            return usable;
        }

        if (!_gate.TryEnter())
        {
            // Another reader makes one at this moment. Whoever does not need it takes the one before instead of waiting.
            if (_last is { } last && ReferenceEquals(last.Partition, partition) && last.Reading.At.Offset >= minOffset)
            {
                return last.Reading;
            }

            _gate.Enter();
        }

        try
        {
            if (Usable(partition, minOffset) is { } made)
            {
                return made;
            }

            long started = Stopwatch.GetTimestamp();
            (ReportCopy copy, LiveMoment at) = partition.Look(moment => (moment.State.Copy(report), view.CountsAt(moment).At));
            using ReportCopy disposed = copy;
            var reading = new LiveReading(copy.Table(), at);
            TimeSpan reuse = Stopwatch.GetElapsedTime(started) * ReuseFactor;
            _last = new Entry(partition, reading, Stopwatch.GetTimestamp(), reuse > ReuseMax ? ReuseMax : reuse);
            return reading;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private LiveReading? Usable(LakePartition partition, long minOffset)
    {
        if (_last is not { } last || !ReferenceEquals(last.Partition, partition) || last.Reading.At.Offset < minOffset)
        {
            return null;
        }

        return last.Reading.At.Offset == partition.AppliedOffsetSeen || Stopwatch.GetElapsedTime(last.Made) < last.Reuse ? last.Reading : null;
    }

    private sealed record Entry(LakePartition Partition, LiveReading Reading, long Made, TimeSpan Reuse);
}
