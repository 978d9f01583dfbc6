using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// Opens a partition for writing. The next epoch is created first: from then on the owner before cannot acknowledge
/// anything, while whatever it did acknowledge is durable in its segments. These are read to their end; what may not
/// be durable (above the greatest place known to be) is copied into a segment of the new owner and fsynced. Then a
/// manifest seals the old segments, and names the new one. Nothing in an old segment past its seal is ever read.
/// </summary>
internal sealed class PartitionOpening
{
    private readonly ILakeStore _store;
    private readonly PartitionId _partition;
    private readonly PartitionStoreOptions _options;
    private readonly List<(FrameHeader Header, byte[] Payload)> _tail = [];

    private PartitionOpening(ILakeStore store, PartitionId partition, PartitionStoreOptions options, Ownership ownership)
    {
        _store = store;
        _partition = partition;
        _options = options;
        Ownership = ownership;
    }

    public Ownership Ownership { get; }

    /// <summary>Gets the manifest that made the opening.</summary>
    public Manifest Manifest { get; private set; } = null!;

    public FileTable Table { get; private set; } = FileTable.Empty;

    /// <summary>Gets the registry as of <see cref="Manifest.Applied"/>.</summary>
    public Registry Published { get; private set; } = new();

    /// <summary>Gets the registry as of the log's end.</summary>
    public Registry Live { get; private set; } = new();

    /// <summary>Gets the messages between the two.</summary>
    public List<(LogPosition Start, RegistryRecord Record)> Unpublished { get; } = [];

    /// <summary>Gets the number of records that were rejected by the frames between the two.</summary>
    public long UnappliedRejections { get; private set; }

    public BronzeLog Log { get; private set; } = null!;

    // Where the log of a partition begins that is made now.
    private LogPosition First => LogPosition.Start with { Sequence = _options.FirstSequence };

    public static PartitionOpening Run(ILakeStore store, PartitionId partition, PartitionStoreOptions options)
    {
        Manifest? newest = ManifestFiles.ReadNewest(store, partition);
        var opening = new PartitionOpening(
            store, partition, options, Ownership.Take(store, partition, newest?.Epoch ?? default));
        while (!opening.TrySeal())
        {
            // Another owner made a manifest meanwhile: start over from there.
        }

        return opening;
    }

    private bool TrySeal()
    {
        Manifest? before = ManifestFiles.ReadNewest(_store, _partition);
        if (before?.Epoch > Ownership.Epoch)
        {
            throw new OwnershipLostException($"partition {_partition} was opened by another owner meanwhile");
        }

        var sealedSegments = new List<LogSegment>();
        LogPosition durable = First;
        if (before is not null)
        {
            if (!TryCompletePending(before) || !TryReadState(before))
            {
                return false;
            }

            var scan = new LogScan(_store, before, isLive: false);
            try
            {
                durable = scan.Read(before.Applied, Visit).Durable;
            }
            catch (FileNotFoundException e)
            {
                return ManifestFiles.IsNewest(_store, before)
                    ? throw Damage.At(e.FileName ?? e.Message, 0, "a segment of the log is missing", Damage.RestoreLake)
                    : false;
            }

            Seal(scan.Segments, before.Applied, durable, sealedSegments);
        }
        else if (LostManifests.Find(_store, _partition) is { } damage)
        {
            return ManifestFiles.HighestNumber(_store, _partition) == 0 ? throw damage : false;
        }

        Log = new BronzeLog(
            _store, _partition, Ownership.Epoch, NextSegmentNumber(), durable, _options.SegmentBytes, Ownership.Check);
        try
        {
            CopyTail(durable);
            if (TryCreateManifest(before, sealedSegments))
            {
                return true;
            }
        }
        catch
        {
            // The manifest may be there, and need the segment: what is not needed is swept by the next owner.
            Log.Dispose();
            throw;
        }

        IReadOnlyList<LogSegment> own = Log.Segments;
        Log.Dispose();
        foreach (LogSegment segment in own)
        {
            _store.Delete(LakePaths.Segment(_partition, segment.Epoch, segment.Number));
        }

        return false;
    }

    private static void Seal(
        IReadOnlyList<LogSegment> segments, LogPosition applied, LogPosition durable, List<LogSegment> sealedSegments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            LogSegment segment = segments[i];
            LogPosition end = segment.Seal ?? (i + 1 < segments.Count ? segments[i + 1].Start : durable);
            end = end > durable ? durable : end;
            if (end > applied && end > segment.Start)
            {
                sealedSegments.Add(segment with { Seal = end });
            }
        }
    }

    /// <summary>Reads the state; false if a newer manifest came meanwhile.</summary>
    private bool TryReadState(Manifest before)
    {
        try
        {
            Table = FileTable.Of(_store, before);
            Published = RegistryFiles.Read(_store, before);
            Live = RegistryFiles.Read(_store, before);
        }
        catch (FileNotFoundException e)
        {
            return ManifestFiles.IsNewest(_store, before)
                ? throw Damage.At(e.FileName ?? e.Message, 0, "a file of the checkpoint is missing", Damage.RestoreLake)
                : false;
        }

        Unpublished.Clear();
        UnappliedRejections = 0;
        _tail.Clear();
        return true;
    }

    private bool TryCompletePending(Manifest before)
    {
        try
        {
            ManifestCreation.CompletePending(_store, before);
            return true;
        }
        catch (OwnershipLostException)
        {
            // Whose the later manifest is, the next check shows.
            return false;
        }
    }

    private void Visit(
        in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition durable)
    {
        SourceProgress consumed;
        try
        {
            (consumed, int rejected) = FrameCodec.ReadHead(payload.Span);
            UnappliedRejections += rejected;
        }
        catch (InvalidDataException e)
        {
            throw Damage.At(path, position, $"frame {header.Start.Sequence}: {e.Message}", Damage.RestoreLake);
        }

        var record = new RegistryRecord(consumed, header.Start.Offset, header.RowCount);
        if (record.IsKept)
        {
            Live.Fold(consumed, header.Start.Offset, header.RowCount);
            Unpublished.Add((header.Start, record));
        }

        // What a later frame knows to be durable need not be copied. The rest is one group of frames: rolling makes
        // a segment durable, so it is never more than a segment.
        _tail.RemoveAll(frame => frame.Header.Start < durable);
        if (header.Start >= durable)
        {
            _tail.Add((header, payload.ToArray()));
        }
    }

    private void CopyTail(LogPosition durable)
    {
        foreach ((FrameHeader header, byte[] payload) in _tail)
        {
            if (header.Start >= durable && Log.AppendCopy(header, payload).Start != header.Start)
            {
                throw new InvalidOperationException("the tail of the log was not copied to its place");
            }
        }

        Log.Flush();
    }

    private bool TryCreateManifest(Manifest? before, List<LogSegment> sealedSegments)
    {
        LogPosition end = Log.End;
        Manifest manifest = before is null
            ? new Manifest
            {
                Partition = _partition,
                Number = 1,
                Epoch = Ownership.Epoch,
                Generation = _options.FirstGeneration,
                Applied = First,
                Durable = end,
                Segments = Log.Segments,
            }
            : before with
            {
                Number = before.Number + 1,
                Epoch = Ownership.Epoch,
                Durable = end,
                Segments = [.. sealedSegments, .. Log.Segments],
                PendingLinks = [],
                PendingRemovals = [],
            };
        if (!ManifestCreation.TryCreate(_store, manifest))
        {
            return false;
        }

        Manifest = manifest;
        return true;
    }

    private long NextSegmentNumber()
    {
        long highest = 0;
        foreach (FileEntry file in _store.List(LakePaths.LogFolder(_partition), recursive: false))
        {
            if (LakePaths.TryParseSegment(file.Path, out _, out long number))
            {
                highest = Math.Max(highest, number);
            }
        }

        return highest + 1;
    }
}
