using System.Collections;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// The frames of a log between two places, both of them durable, decoded one at a time.
/// </summary>
internal sealed class LogFrames(ILakeStore store, Manifest manifest, LogPosition from, LogPosition to)
    : IEnumerable<LogFrame>
{
    public IEnumerator<LogFrame> GetEnumerator()
    {
        for (int i = 0; i < manifest.Segments.Count; i++)
        {
            LogSegment segment = manifest.Segments[i];
            LogPosition end = segment.Seal
                ?? (i + 1 < manifest.Segments.Count ? manifest.Segments[i + 1].Start : to);
            end = end > to ? to : end;
            if (end <= from || end <= segment.Start)
            {
                continue;
            }

            string path = LakePaths.Segment(manifest.Partition, segment.Epoch, segment.Number);
            using var cursor = new SegmentCursor(store.OpenRead(path), manifest.Partition, segment.Epoch, segment.Number);
            LogPosition expected = segment.Start;
            while (expected < end)
            {
                if (!cursor.TryRead(expected, from, out FrameHeader header, out ReadOnlyMemory<byte> payload))
                {
                    throw Damage.At(path, cursor.FramePosition, $"frame {expected.Sequence} is bad", Damage.RestoreLake);
                }

                expected = header.End;
                if (header.Start >= from)
                {
                    yield return Decode(header, payload.Span, path, cursor.FramePosition);
                }
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <exception cref="OrleansLake.Core.CorruptDataException">The payload is not what a writer makes.</exception>
    public static LogFrame Decode(in FrameHeader header, ReadOnlySpan<byte> payload, string path, long position)
    {
        try
        {
            return FrameCodec.Read(header, payload);
        }
        catch (InvalidDataException e)
        {
            throw Damage.At(path, position, $"frame {header.Start.Sequence}: {e.Message}", Damage.RestoreLake);
        }
    }
}
