using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// Reads a partition's log from the segments that a manifest names, and the ones after them of the same owner.
/// </summary>
/// <remarks>
/// A bad frame at or above the greatest place known to be durable is a torn tail: it and everything after it is cut.
/// Below it, it is damage. Rot in the very last group of frames cannot be distinguished from a tear.
/// </remarks>
internal sealed class LogScan
{
    private readonly ILakeStore _store;
    private readonly Manifest _manifest;
    private readonly bool _isLive;
    private readonly bool _isThorough;

    /// <param name="store">Where the segments are.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="isLive">Whether the owner may be writing: then the first bad frame of an open segment is the end.</param>
    /// <param name="isThorough">
    /// Whether a bad frame that later ones know to be durable is damage also in a segment that the owner writes to. It
    /// costs reading all of the segment.
    /// </param>
    public LogScan(ILakeStore store, Manifest manifest, bool isLive, bool isThorough = false)
    {
        _isThorough = isThorough;
        _store = store;
        _manifest = manifest;
        _isLive = isLive;
    }

    /// <summary>Gets the segments that were read, in order.</summary>
    public IReadOnlyList<LogSegment> Segments { get; private set; } = [];

    /// <summary>Shows every frame from a place on.</summary>
    /// <exception cref="OrleansLake.Core.CorruptDataException">The log is damaged.</exception>
    /// <exception cref="FileNotFoundException">A segment that the manifest names is not there.</exception>
    public LogEnd Read(LogPosition from, FrameVisitor visit)
    {
        List<LogSegment> segments = AllSegments();
        Segments = segments;
        var durable = _manifest.Durable > from ? _manifest.Durable : from;
        LogPosition expected = segments.Count > 0 ? segments[0].Start : from;
        if (expected > from)
        {
            throw Damage.At(
                LakePaths.Segment(_manifest.Partition, segments[0].Epoch, segments[0].Number), 0,
                $"the frames {from.Sequence} to {expected.Sequence - 1} are missing before it", Damage.RestoreLake);
        }

        for (int i = 0; i < segments.Count; i++)
        {
            LogSegment segment = segments[i];
            bool isLast = i == segments.Count - 1;
            // The next segment was begun when this one was durable to its end.
            LogPosition? mustReach = segment.Seal ?? (isLast ? null : segments[i + 1].Start);
            durable = mustReach > durable ? mustReach.Value : durable;
            string path = LakePaths.Segment(_manifest.Partition, segment.Epoch, segment.Number);
            using var cursor = new SegmentCursor(
                _store.OpenRead(path), _manifest.Partition, segment.Epoch, segment.Number);
            if (cursor.ReadHeader() is not { } head || head.Start != expected)
            {
                if (_isLive && !_isThorough && isLast && segment.Seal is null)
                {
                    break;
                }

                throw Damage.At(path, 0, "its header is not that of this segment", Damage.RestoreLake);
            }

            while (mustReach is null || expected < mustReach)
            {
                if (!TryRead(cursor, expected, from, mustReach is null, out FrameHeader header, out ReadOnlyMemory<byte> payload, out bool isKnown))
                {
                    if (mustReach is null && !isKnown && (_isLive || IsTorn(cursor, expected, ref durable)))
                    {
                        break;
                    }

                    throw Damage.At(
                        path, cursor.FramePosition,
                        $"frame {expected.Sequence} is bad, and the log was durable to frame {durable.Sequence}",
                        Damage.RestoreLake);
                }

                expected = header.End;
                durable = header.Durable > durable ? header.Durable : durable;
                if (header.Start >= from)
                {
                    visit(header, payload, path, cursor.FramePosition, durable);
                }
            }
        }

        return expected >= _manifest.Durable || (_isLive && !_isThorough)
            ? new LogEnd(expected, durable)
            : throw Damage.At(
                LakePaths.LogFolder(_manifest.Partition), 0,
                $"the log ends at frame {expected.Sequence}, and was durable to frame {_manifest.Durable.Sequence}",
                Damage.RestoreLake);
    }

    // A frame that the owner is just writing is bad, too; once later ones know it to be durable, it is whole.
    private bool TryRead(
        SegmentCursor cursor, LogPosition expected, LogPosition from, bool isOpen,
        out FrameHeader header, out ReadOnlyMemory<byte> payload, out bool isKnown)
    {
        isKnown = false;
        if (cursor.TryRead(expected, from, out header, out payload))
        {
            return true;
        }

        isKnown = isOpen && _isLive && _isThorough && cursor.DurableByLaterFrames() > expected;
        return isKnown && cursor.TryRead(expected, from, out header, out payload);
    }

    private static bool IsTorn(SegmentCursor cursor, LogPosition expected, ref LogPosition durable)
    {
        LogPosition later = cursor.DurableByLaterFrames();
        durable = later > durable ? later : durable;
        return expected >= durable;
    }

    /// <summary>
    /// Returns the manifest's segments and the owner's later ones, which its rolling made. Of the last one the header may be
    /// missing after a crash: then nothing in it was ever durable, and it is left out.
    /// </summary>
    private List<LogSegment> AllSegments()
    {
        var segments = new List<LogSegment>(_manifest.Segments);
        if (segments.Count == 0 || segments[^1].Seal is not null)
        {
            return segments;
        }

        LogSegment open = segments[^1];
        var later = new List<(long Number, string Path)>();
        foreach (FileEntry file in _store.List(LakePaths.LogFolder(_manifest.Partition), recursive: false))
        {
            if (LakePaths.TryParseSegment(file.Path, out Epoch epoch, out long number) && epoch == open.Epoch
                && number > open.Number)
            {
                later.Add((number, file.Path));
            }
        }

        later.Sort();
        for (int i = 0; i < later.Count; i++)
        {
            (long number, string path) = later[i];
            if (number != open.Number + 1 + i)
            {
                throw Damage.At(
                    LakePaths.Segment(_manifest.Partition, open.Epoch, open.Number + 1 + i), 0, "it is missing",
                    Damage.RestoreLake);
            }

            using var cursor = new SegmentCursor(_store.OpenRead(path), _manifest.Partition, open.Epoch, number);
            if (cursor.ReadHeader() is { } header)
            {
                segments.Add(new LogSegment(open.Epoch, number, header.Start, null));
            }
            else if (i < later.Count - 1 || cursor.DurableByLaterFrames() > default(LogPosition))
            {
                throw Damage.At(path, 0, "its header is not that of this segment", Damage.RestoreLake);
            }
        }

        return segments;
    }
}
