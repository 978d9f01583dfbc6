using System.Diagnostics;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine.Live;

/// <summary>
/// The last reading of one report. Making one takes as long as the report is large (of which the state stands still while
/// its counts are copied), so while messages stream in a reading is used again for ten times as long as it took to make; but
/// never where it would not show what was promised to a caller.
/// </summary>
internal sealed class ReadingCache(ReportDefinition report)
{
    private const int ReuseFactor = 10;
    private static readonly TimeSpan ReuseMax = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile Entry? _last;

    /// <param name="view">Counts and times.</param>
    /// <param name="partitions">What is read.</param>
    /// <param name="minOffsets">What the reading must show at least, by partition.</param>
    internal LiveReading Read(LiveView view, LakePartition[] partitions, long[] minOffsets)
    {
        if (Usable(partitions, minOffsets) is { } usable)
        {
            return usable;
        }

        if (!_gate.TryEnter())
        {
            // Another reader makes one now. A reader that does not need it takes the one before instead of waiting.
            if (_last is { } last && ReferenceEquals(last.Partitions, partitions) && Shows(last.Reading, minOffsets))
            {
                return last.Reading;
            }

            _gate.Enter();
        }

        try
        {
            if (Usable(partitions, minOffsets) is { } made)
            {
                return made;
            }

            long started = Stopwatch.GetTimestamp();
            (ReportCopy Copy, LiveVersion At)[] looks = [.. partitions.Select(partition => partition.Look(moment => (moment.State.Copy(report), view.CountsAt(moment).At)))];
            ReportCopy[] copies = [.. looks.Select(look => look.Copy)];
            ReportTable table = copies.Length == 1 ? ReportCopies.Make(copies, static copy => copy.Table())[0]
                : ReportPart.Sum(report, ReportCopies.Make(copies, static copy => copy.Part()));
            var reading = new LiveReading(partitions[0].Named(table), looks[^1].At with { Offsets = [.. looks.Select(look => look.At.Offset)] });
            TimeSpan reuse = Stopwatch.GetElapsedTime(started) * ReuseFactor;
            _last = new Entry(partitions, reading, Stopwatch.GetTimestamp(), reuse > ReuseMax ? ReuseMax : reuse);
            return reading;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private LiveReading? Usable(LakePartition[] partitions, long[] minOffsets)
    {
        if (_last is not { } last || !ReferenceEquals(last.Partitions, partitions) || !Shows(last.Reading, minOffsets))
        {
            return null;
        }

        return IsNewest(last.Reading, partitions) || Stopwatch.GetElapsedTime(last.Made) < last.Reuse ? last.Reading : null;
    }

    private static bool IsNewest(LiveReading reading, LakePartition[] partitions)
    {
        for (int i = 0; i < partitions.Length; i++)
        {
            if (reading.At.Offsets[i] != partitions[i].AppliedOffsetSeen)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Shows(LiveReading reading, long[] minOffsets)
    {
        for (int i = 0; i < minOffsets.Length; i++)
        {
            if (reading.At.Offsets[i] < minOffsets[i])
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Entry(LakePartition[] Partitions, LiveReading Reading, long Made, TimeSpan Reuse);
}
